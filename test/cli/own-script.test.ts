import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type CliAnswer, type CliOptions, runCli, temporaryFolder } from './run-cli.ts'

/** Runs `load ./own.js` in a folder of its own. */
async function load(
  script: string,
  args: readonly string[] = [],
  options: CliOptions = {},
): Promise<CliAnswer & { cwd: string }> {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'own.js'), script)
  return { ...(await runCli(['load', './own.js', ...args], { cwd, ...options })), cwd }
}

describe('load, on a script of the user', function () {
  this.timeout(60_000)

  it('shows what the script logs on standard error, and keeps it in the folder of the run', async () => {
    const { status, stdout, stderr, cwd } = await load(`
      export const options = { iterations: 1, thresholds: { iterations: ['count==1'] } }
      export default function () { console.log('hello from the script') }
    `)
    expect(status, stderr).to.equal(0)
    expect(stderr).to.include('INFO hello from the script')
    expect(stdout).to.not.include('hello from the script')
    const [run = ''] = readdirSync(join(cwd, 'reports')).filter((name) => name.endsWith('-load'))
    expect(readFileSync(join(cwd, 'reports', run, 'own.log'), 'utf8')).to.include('hello from the script')
  })

  it('does with what handleSummary returns what k6 does', async () => {
    const { stdout, stderr, cwd } = await load(`
      export const options = { iterations: 1 }
      export default function () {}
      export function handleSummary() { return { 'own.json': '{}', stdout: 'to out', stderr: 'to err' } }
    `)
    expect(readFileSync(join(cwd, 'own.json'), 'utf8')).to.equal('{}')
    expect(stdout).to.include('to out')
    expect(stderr).to.include('to err')
  })

  it('takes K6_ variables of the shell, --iterations and --k6-config', async () => {
    const script = `
      export const options = { thresholds: { iterations: ['count==5'] } }
      export default function () {}
    `
    expect((await load(script, [], { env: { K6_ITERATIONS: '5' } })).status).to.equal(0)
    expect((await load(script, ['--iterations', '5'])).status).to.equal(0)
    const config = join(temporaryFolder(), 'k6.json')
    writeFileSync(config, '{"iterations":5}')
    expect((await load(script, ['--k6-config', config])).status).to.equal(0)
    expect((await load(script)).status, 'one iteration').to.equal(1)
  })

  it('says once that a variable of the shell is withheld, and gives it when asked to', async () => {
    const script = `
      export const options = { iterations: 3, thresholds: { checks: ['rate==1'] } }
      import { check } from 'k6'
      export default function () { check(__ENV.BASE_URL, { 'is there': (url) => url === 'http://x' }) }
    `
    const env = { BASE_URL: 'http://x' }
    const withheld = await load(script, [], { env })
    expect(withheld.status).to.equal(1)
    expect(withheld.stderr.match(/__ENV\.BASE_URL/g)).to.have.length(1)
    expect((await load(script, ['--include-system-env-vars'], { env })).status).to.equal(0)
  })

  it('refuses a profile that the script does not read, and amounts that it cannot take', async () => {
    const script = 'export default function () {}'
    const profile = await load(script, ['--profile', 'average'])
    expect(profile.status).to.equal(2)
    expect(profile.stderr).to.include('--profile').and.include('--duration')
    const rate = await load(script, ['--rate', '5'])
    expect(rate.status).to.equal(2)
    expect(rate.stderr).to.include('--rate')
    const shipped = await runCli(['load', 'issuance'], { env: { K6_VUS: '3' } })
    expect(shipped.status).to.equal(2)
    expect(shipped.stderr).to.include('K6_VUS')
  })

  it('writes nothing of the shell into a manifest, and loses no option there', async () => {
    const lost = [['--include-system-env-vars'], ['--iterations', '5'], ['--k6-config', 'options.json']]
    for (const option of lost) {
      const args = ['load', 'issuance', '--distributed', '2', '--manifest', 'run.yaml', ...option]
      const { status, stderr } = await runCli([...args, '--target', 'https://shop.example'])
      expect(stderr).to.include(`${option[0]}: cannot be written into a manifest`)
      expect(status).to.equal(2)
    }
  })

  it('judges it by its own thresholds: a failed check by itself is told, and fails nothing', async () => {
    const checked = (thresholds: string) => `
      import { check } from 'k6'
      export const options = { iterations: 50, thresholds: ${thresholds} }
      export default function () { check(__ITER, { 'not the fourth': (i) => i !== 3 }) }
    `
    expect((await load(checked(`{ checks: ['rate>0.95'] }`))).status).to.equal(0)
    expect((await load(checked(`{ checks: ['rate==1'] }`))).status).to.equal(1)
    const without = await load(checked('{}'))
    expect(without.status).to.equal(0)
    expect(without.stderr).to.include('"not the fourth" failed 1 of 50 times')
    expect(without.stdout + without.stderr).to.include('no thresholds: nothing was judged')
  })

  it('ends with a code of its own for each end', async () => {
    const ends: readonly (readonly [string, number])[] = [
      [`export default function () { throw new Error('x') }`, 1],
      [`export default async function () { await new Promise(() => {}) }`, 1],
      [`export function setup() { throw new Error('x') }; export default function () {}`, 2],
      [`export function teardown() { throw new Error('x') }; export default function () {}`, 1],
      [
        `export const options = { teardownTimeout: '100ms' }
         export function teardown() { return new Promise((done) => setTimeout(done, 5000)) }
         export default function () {}`,
        1,
      ],
      [
        `export const options = { setupTimeout: '100ms' }
         export function setup() { return new Promise((done) => setTimeout(done, 5000)) }
         export default function () {}`,
        3,
      ],
      [`import exec from 'k6/execution'; export default function () { exec.test.abort('x') }`, 1],
    ]
    for (const [script, code] of ends) {
      const { status, stderr } = await load(script)
      expect(status, `${script}\n${stderr}`).to.equal(code)
    }
  })
})
