import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import fc from 'fast-check'
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
