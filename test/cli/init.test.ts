import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import fc from 'fast-check'
import { parse } from 'yaml'
import { filesFor } from '../../src/cli/init/files.ts'
import { configSchema } from '../../src/config/schema.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

const SHOP = { site: 'RefArch', apiVersion: 'v25_6', clientId: 'a', ci: 'none' as const }

/** The value that a configuration file exports, without the package that it takes its types from. */
async function configOf(content: string): Promise<unknown> {
  const file = join(temporaryFolder(), 'config.ts')
  writeFileSync(
    file,
    content.replace(
      "import { defineConfig } from 'auth-harness'",
      'const defineConfig = <T>(config: T): T => config',
    ),
  )
  return ((await import(pathToFileURL(file).href)) as { default: unknown }).default
}

describe('init', function () {
  this.timeout(60_000)

  it('writes a configuration that the program reads back as it was told', async () => {
    const [config] = filesFor({ ...SHOP, target: 'https://sandbox.example.com', site: 'It\'s \\ "x"' })
    const parsed = configSchema.parse(await configOf(config?.content ?? ''))
    expect(parsed.target).to.deep.include({
      baseUrl: 'https://sandbox.example.com',
      siteId: 'It\'s \\ "x"',
      clientId: 'a',
    })
    expect(parsed.gate.stages, 'a sandbox is not loaded').to.deep.equal(['contract', 'verify', 'check'])
    expect(parsed.accounts, 'without a states URL the accounts serve').to.deep.equal({ file: 'accounts.csv' })
  })

  it('writes any name so that it is read back', async () => {
    const names = fc.sample(fc.string({ unit: 'grapheme', minLength: 1 }), 40)
    const [config] = filesFor({ ...SHOP, site: names.join('') })
    expect(configSchema.parse(await configOf(config?.content ?? '')).target.siteId).to.equal(names.join(''))
  })

  it('keeps the accounts out of git and out of other hands, and asks nothing without a terminal', async () => {
    const cwd = temporaryFolder()
    execFileSync('git', ['init', '--quiet'], { cwd })
    mkdirSync(join(cwd, '.github'))
    writeFileSync(join(cwd, '.gitignore'), 'node_modules')
    const { status, stdout } = await runCli(['init', '--target', 'http://127.0.0.1:4010'], { cwd })
    expect(status).to.equal(0)
    expect(stdout)
      .to.contain('wrote auth-harness.config.ts')
      .and.contain('wrote .github/workflows/auth-harness.yml')
    expect(
      execFileSync('git', ['check-ignore', 'accounts.csv', 'reports/'], { cwd, encoding: 'utf8' }),
    ).to.equal('accounts.csv\nreports/\n')
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).to.match(
      /^node_modules\naccounts\.csv\nreports\/\n$/,
    )
    expect(statSync(join(cwd, 'accounts.csv')).mode & 0o777).to.equal(0o600)
  })

  it('overwrites nothing, and names what is there', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'accounts.csv'), 'mine')
    const { status, stderr } = await runCli(['init'], { cwd })
    expect(status).to.equal(2)
    expect(stderr).to.contain('FILE_EXISTS').and.contain('accounts.csv')
    expect(readFileSync(join(cwd, 'accounts.csv'), 'utf8')).to.equal('mine')
  })

  it('adds a workflow later, and overwrites one file by name', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'auth-harness.config.json'), '{}')
    writeFileSync(join(cwd, 'accounts.csv'), 'mine')
    const workflow = join(cwd, '.gitlab', 'auth-harness.yml')
    const added = await runCli(['init', '--missing', '--ci', 'gitlab'], { cwd })
    expect(added.stdout, added.stderr).to.match(/^wrote \.gitlab\/auth-harness\.yml\n\n/)
    expect(readFileSync(join(cwd, 'accounts.csv'), 'utf8')).to.equal('mine')
    writeFileSync(workflow, 'old')
    const force = ['--force', '.gitlab/auth-harness.yml']
    expect((await runCli(['init', '--missing', '--ci', 'gitlab', ...force], { cwd })).status).to.equal(0)
    expect(readFileSync(workflow, 'utf8')).to.contain('auth-harness gate')
    const wrong = await runCli(['init', '--ci', 'gitlab', '--force', 'acounts.csv'], { cwd })
    expect(wrong.status).to.equal(2)
    expect(wrong.stderr).to.contain('did you mean "accounts.csv"?')
  })

  for (const [what, answers, variables] of [
    ['without a target', {}, ['AUTH_HARNESS_TARGET']],
    ['with a target', { target: 'https://a.example' }, ['AUTH_HARNESS_ACCOUNTS']],
    ['with a states URL', { target: 'https://a.example', statesUrl: 'https://a.example/_states' }, []],
  ] as const)
    it(`writes workflows ${what} that never test the embedded provider`, () => {
      for (const ci of ['github', 'gitlab'] as const) {
        const [, , workflow] = filesFor({ ...SHOP, ...answers, ci })
        expect(workflow?.content).to.contain('npx auth-harness gate --require-target')
        if (ci === 'gitlab') continue
        const job = parse(workflow?.content ?? '').jobs.gate
        const step = job.steps.find(({ run = '' }: { run?: string }) => run.includes('auth-harness gate'))
        expect(Object.keys(step.env ?? {})).to.deep.equal([...variables])
      }
    })

  it('refuses what the configuration would refuse, by the key', async () => {
    const { status, stderr } = await runCli([
      'init',
      '--target',
      'sandbox.example.com',
      '--api-version',
      '25.6',
    ])
    expect(status).to.equal(2)
    expect(stderr).to.contain('target.baseUrl').and.contain('target.apiVersion')
  })
})
