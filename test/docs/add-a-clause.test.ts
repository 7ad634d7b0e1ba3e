import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'

/** Where each block of the page goes, in the order of the page: behind this line of the file. */
const PLACES = [
  ['contracts/clauses.ts', 'export const CLAUSES = [\n'],
  ['contracts/behaviour/guest.ts', 'export const guestChecks: readonly Check[] = [\n'],
  ['src/provider/defects/guest.ts', 'export const guestDefects: readonly Defect[] = [\n'],
  ['test/provider/probes.ts', 'export const PROBES: Readonly<Record<string, Probe>> = {\n'],
] as const

describe('a clause that is added by the page to the letter', function () {
  this.timeout(180_000)
  let copy: string

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'auth-harness-clause-'))
    for (const name of ['contracts', 'load', 'src', 'test', 'schema', 'package.json', '.mocharc.json'])
      cpSync(join(packageRoot, name), join(copy, name), { recursive: true })
    symlinkSync(join(packageRoot, 'node_modules'), join(copy, 'node_modules'))
    const page = readFileSync(join(packageRoot, 'docs', 'add-a-clause.md'), 'utf8')
    const blocks = [...page.matchAll(/^ {3}```ts\n(.*?)^ {3}```$/gms)].map(([, block = '']) => block)
    for (const [index, [file, line]] of PLACES.entries()) edit(file, line, `${line}${blocks[index]}`)
    // The page's check reads a customer, which the file does not import yet.
    edit('contracts/behaviour/guest.ts', 'import { expectIssued }', 'import { expectCustomer, expectIssued }')
  })
  after(() => rmSync(copy, { recursive: true, force: true }))

  function edit(file: string, from: string, to: string): void {
    const path = join(copy, file)
    const text = readFileSync(path, 'utf8')
    expect(text, file).to.include(from)
    writeFileSync(path, text.replace(from, to))
  }

  const run = (...args: string[]) =>
    new Promise<{ status: number; output: string }>((resolve) => {
      execFile(process.execPath, args, { cwd: copy }, (error, stdout, stderr) => {
        const status = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1
        resolve({ status, output: `${stdout}${stderr}` })
      })
    })
  const check = (...args: string[]) => run('src/cli/main.ts', 'check', '--clause', 'GUEST-3', ...args)

  it('is held, and broken by its defect', async () => {
    const held = await check()
    expect(held, held.output).to.include({ status: 0 })
    const broken = await check('--defect', 'guest-has-a-login')
    expect(broken, broken.output).to.include({ status: 1 })
    expect(broken.output).to.include('✗ GUEST-3')
  })

  it('passes the tests of the catalogue, of the checks and of the provider', async () => {
    const tests = [
      'test/contracts/coverage.test.ts',
      'test/contracts/behaviour/catalogue.test.ts',
      'test/contracts/behaviour/kills.test.ts',
      'test/provider/defects.test.ts',
    ]
    const { status, output } = await run(
      'node_modules/mocha/bin/mocha.js',
      '--grep',
      'catalogue|guest-has-a-login|GUEST-3|of its clause|guest-has-no-login',
      ...tests,
    )
    expect(status, output.slice(-4000)).to.equal(0)
    expect(output).to.match(/guest-has-a-login/)
  })
})
