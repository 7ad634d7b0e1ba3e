import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { openTarget } from '../../src/target/open.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { runResultSchema } from '../../src/verdict/run-result.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

describe('exit codes of the command line', function () {
  this.timeout(90_000)

  it('0: what was asked for held, and the result keeps its schema', async () => {
    const { status, stdout, stderr } = await runCli(['check', '--clause', 'USE-2', '--json'])
    expect(status, stderr).to.equal(0)
    const result = runResultSchema.parse(JSON.parse(stdout))
    expect(result.clauses.map(({ id, verdict }) => `${id} ${verdict}`)).to.deep.equal(['USE-2 held'])
  })

  it('1: a clause is broken, and is named with what was expected', async () => {
    const { status, stdout } = await runCli([
      'check',
      '--clause',
      'USE-2',
      '--defect',
      'follow-up-without-a-token',
    ])
    expect(stdout).to.contain('✗ USE-2').and.contain('the status is 200, not 4xx')
    expect(status).to.equal(1)
  })

  it('2: a wrong key of the configuration is named, with a suggestion', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'auth-harness.config.json'), '{ "target": { "siteld": "RefArch" } }')
    const { status, stderr } = await runCli(['check'], { cwd })
    expect(stderr).to.contain('siteld').and.contain('siteId')
    expect(status).to.equal(2)
  })

  it('2: wrong arguments get a suggestion', async () => {
    for (const [args, word] of [
      [['gaet'], 'gate'],
      [['gate', '--tagret', 'x'], '--target'],
      [['check', '--clause', 'LOKC-1'], 'LOCK-1'],
      [['load', 'isuance'], 'issuance'],
      [['gate', '--defect', 'no-lokc'], 'defect'],
      [['load', 'issuance', '--profile', 'smok'], 'smoke'],
    ] as const) {
      const { status, stderr } = await runCli(args)
      expect(stderr, args.join(' ')).to.contain(word)
      expect(status, args.join(' ')).to.equal(2)
    }
  })

  it('2: a gate that must have a target, and options that a command does not use', async () => {
    for (const [args, word, env] of [
      [['gate', '--require-target'], '--require-target: no target is configured', {}],
      [['gate'], 'AUTH_HARNESS_TARGET is empty', { AUTH_HARNESS_TARGET: '' }],
      [['compare', 'a', 'b', '--target', 'http://127.0.0.1:9'], "unknown option '--target'", {}],
      [['check', '--timeout', 'abc'], 'option --timeout must be a number, not "abc"', {}],
      [['prove', '--defect', 'nope'], 'no planted defect has the id "nope"', {}],
    ] as const) {
      const { status, stderr } = await runCli(args, { env })
      expect(stderr, args.join(' ')).to.contain(word)
      expect(status, args.join(' ')).to.equal(2)
    }
  })

  it('2: a states URL at which no state is known, by every command that needs one', async () => {
    const target = await openTarget(configSchema.parse({}))
    try {
      const at = ['--target', target.baseUrl, '--states-url', `${target.baseUrl}/nowhere`]
      for (const command of [['gate'], ['verify'], ['check', '--clause', 'LOCK-1'], ['load', 'session']]) {
        const { status, stdout } = await runCli([...command, ...at])
        expect(stdout, command.join(' ')).to.contain('STATES_URL_WRONG')
        expect(status, command.join(' ')).to.equal(2)
      }
    } finally {
      await target.close()
    }
  })

  it('says first which configuration it took', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'auth-harness.config.json'), '{}')
    const named = await runCli(['check', '--clause', 'USE-2'], { cwd })
    expect(named.stderr).to.match(
      /^configuration auth-harness\.config\.json; target: the embedded reference provider$/m,
    )
    const none = await runCli(['check', '--clause', 'USE-2'])
    expect(none.stderr).to.match(/^no configuration file; target: the embedded reference provider$/m)
  })

  it('3: a target that cannot be reached is said in one line, and the reports are written all the same', async () => {
    const cwd = temporaryFolder()
    const { status, stdout } = await runCli(
      ['gate', '--target', 'http://127.0.0.1:9', '--states-url', 'http://127.0.0.1:9/_states'],
      { cwd },
    )
    expect(stdout).to.match(/^no verdict: TARGET TARGET_UNREACHABLE: .*127\.0\.0\.1:9.*$/m)
    expect(status).to.equal(3)
    const [run] = readdirSync(join(cwd, 'reports'))
    expect(readdirSync(join(cwd, 'reports', run ?? '')).toSorted()).to.deep.equal([
      'junit.xml',
      'report.html',
      'result.json',
      'summary.md',
    ])
  })

  it('3: a filter that matches nothing has verified nothing', async () => {
    const { status } = await runCli(['verify', '--filter', 'no interaction says this'])
    expect(status).to.equal(3)
  })

  it('130: interrupted, with what was measured so far', async () => {
    let sent = false
    const { status, stdout, stderr } = await runCli(['load', 'issuance', '--duration', '60s'], {
      onOutput: (child, output) => {
        if (sent || !output.includes('load issuance')) return
        sent = true
        setTimeout(() => child.kill('SIGINT'), 3000)
      },
    })
    expect(stderr).to.contain('interrupted')
    expect(stdout).to.contain('interrupted').and.contain('TOTAL RESULTS')
    expect(status).to.equal(130)
  })
})

describe('what a run writes', function () {
  this.timeout(60_000)

  it('tells GitHub of a failure, in the summary and as an annotation', async () => {
    const cwd = temporaryFolder()
    const summary = join(cwd, 'step-summary.md')
    const { stderr } = await runCli(['check', '--clause', 'USE-2', '--defect', 'follow-up-without-a-token'], {
      cwd,
      env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    })
    expect(stderr).to.match(/^::error title=USE-2 /m)
    expect(readFileSync(summary, 'utf8')).to.contain('**USE-2**')
  })

  it('is written also when the reader of standard output has left', () => {
    const cwd = temporaryFolder()
    const { stderr } = spawnSync(
      'bash',
      ['-c', '"$0" "$1" check --clause USE-2 | true', process.execPath, join(packageRoot, 'src/cli/main.ts')],
      { cwd, encoding: 'utf8' },
    )
    expect(stderr).to.not.contain('EPIPE')
    const [run] = readdirSync(join(cwd, 'reports'))
    expect(readdirSync(join(cwd, 'reports', run ?? ''))).to.contain('report.html')
  })

  it('holds no password, token or cookie, though the checks send hundreds', async () => {
    const cwd = temporaryFolder()
    const { stdout, stderr } = await runCli(['check', '--defect', 'login-refusal-carries-a-token'], { cwd })
    const [run] = readdirSync(join(cwd, 'reports'))
    const files = readdirSync(join(cwd, 'reports', run ?? '')).map((name) =>
      readFileSync(join(cwd, 'reports', run ?? '', name), 'utf8'),
    )
    for (const text of [stdout, stderr, ...files]) {
      expect(text).to.not.match(/eyJ[\w-]{10,}\.[\w-]{10,}/)
      expect(text).to.not.match(/(?<![\w-])authorization"?: "?\w+ (?!\[redacted\])/)
      expect(text).to.not.match(/dwsid=(?!\[redacted\])\w/)
    }
    expect(files.some((text) => text.includes('Bearer [redacted]'))).to.equal(true)
  })

  it('has no colour and no cursor movement where nobody looks', async () => {
    const { stdout, stderr } = await runCli(['check', '--clause', 'USE-2'])
    expect(stdout + stderr).to.not.contain('\u001b')
  })

  it('keeps standard error empty under --quiet, and standard output the result alone under --json', async () => {
    const { stdout, stderr } = await runCli(['check', '--clause', 'USE-2', '--quiet', '--json'])
    expect(stderr).to.equal('')
    expect(() => JSON.parse(stdout)).to.not.throw()
  })
})
