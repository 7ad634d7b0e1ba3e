import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { runResultSchema } from '../../src/verdict/run-result.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

describe('the selection of a command', function () {
  this.timeout(90_000)

  it('--clause says which stage proves a clause that this one does not', async () => {
    for (const [args, told] of [
      [['check', '--clause', 'lock-2'], 'check does not prove LOCK-2; load does'],
      [['verify', '--clause', 'CRED-3'], 'verify does not prove CRED-3; check does'],
      [['gate', '--stages', 'verify', '--clause', 'LOCK-2'], 'verify does not prove LOCK-2; load does'],
      [['verify', '--clause', 'LOKC-1'], 'did you mean "LOCK-1"?'],
    ] as const) {
      const { status, stderr } = await runCli(args)
      expect(stderr).to.contain(told)
      expect(status).to.equal(2)
    }
  })

  for (const [args, clauses] of [
    [['verify', '--clause', 'USE-2'], ['USE-2']],
    [['gate', '--clause', 'USE-2'], ['USE-2']],
  ] as const)
    it(`${args.join(' ')} gives the verdict of that clause alone`, async () => {
      const { status, stdout, stderr } = await runCli([...args, '--json'])
      const result = runResultSchema.parse(JSON.parse(stdout))
      expect(result.clauses.map(({ id }) => id)).to.deep.equal(clauses)
      expect(status, stderr).to.equal(0)
    })

  it('--grep chooses by id and title, in any case', async () => {
    const { status, stdout } = await runCli(['gate', '--grep', 'FOLLOW-UP', '--json'])
    const { checks } = runResultSchema.parse(JSON.parse(stdout))
    expect(status).to.equal(0)
    expect(checks.map(({ kind }) => kind)).to.include.members(['contract', 'behaviour'])
    for (const { id, title } of checks) expect(`${id} ${title}`.toLowerCase()).to.match(/follow-up|customer/)
  })

  it('--list prints what would be run, sends nothing and writes nothing', async () => {
    const cwd = temporaryFolder()
    const target = ['--target', 'http://127.0.0.1:9']
    const { status, stdout } = await runCli(['gate', '--list', ...target], { cwd })
    expect(stdout)
      .to.contain('contract/consumer-specs (SDK-1, SDK-2): ')
      .and.contain('behaviour/lock-after-maximum (')
      .and.contain('load/lockout (')
    expect(status).to.equal(0)
    expect(readdirSync(cwd)).to.deep.equal([])
    const none = await runCli(['check', '--grep', 'no check says this', '--list', '--json'])
    expect(JSON.parse(none.stdout)).to.deep.equal([])
    expect(none.status).to.equal(3)
  })

  it('--bail stops at the first that is broken, and the rest is not evaluated', async () => {
    const defect = ['--defect', 'follow-up-without-a-token']
    const { status, stdout } = await runCli(['check', ...defect, '--bail', '--json'])
    const { checks, interrupted } = runResultSchema.parse(JSON.parse(stdout))
    expect(status).to.equal(1)
    expect(interrupted).to.equal(false)
    expect(checks.filter(({ verdict }) => verdict === 'not evaluated')).to.not.deep.equal([])
  })

  it('--verbose prints the exchanges, redacted, and leaves standard output as it is', async () => {
    const cwd = temporaryFolder()
    const { stdout, stderr } = await runCli(['check', '--clause', 'USE-1', '--verbose', '--json'], { cwd })
    JSON.parse(stdout)
    expect(stderr)
      .to.match(/^> POST http:.*\/customers\/auth$/m)
      .and.match(/^< 200$/m)
      .and.match(/^> authorization: Bearer \[redacted\]$/m)
      .and.not.match(/eyJ[\w-]{10,}\.[\w-]{10,}/)
    const [run = ''] = readdirSync(join(cwd, 'reports'))
    expect(readFileSync(join(cwd, 'reports', run, 'result.json'), 'utf8')).to.contain('exchanges')
  })
})
