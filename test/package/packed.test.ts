import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'

/**
 * The published package as a new user has it: packed, installed into an empty folder, run by npx. The dependencies
 * are installed from the lock already, and are linked rather than fetched again, so that the test needs no registry.
 */
describe('the packed package', function () {
  this.timeout(180_000)
  let folder: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'auth-harness-packed-'))
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: packageRoot,
      stdio: 'pipe',
    })
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    if (tarball === undefined) throw new Error('npm pack wrote no tarball')
    const modules = join(folder, 'node_modules')
    const installed = join(modules, 'auth-harness')
    mkdirSync(installed, { recursive: true })
    execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components=1'])
    linkDependencies(join(packageRoot, 'node_modules'), modules)
    mkdirSync(join(modules, '.bin'))
    symlinkSync('../auth-harness/bin/auth-harness.js', join(modules, '.bin', 'auth-harness'))
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  const npx = (...args: string[]) =>
    spawnSync('npx', ['--no', '--', 'auth-harness', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CI: 'true', npm_config_offline: 'true' },
    })

  it('shows its help, which begins with examples', () => {
    const { stdout, status, stderr } = npx('--help')
    expect(stdout, stderr).to.match(/^Examples:/)
    expect(status).to.equal(0)
  })

  it('runs the whole gate in an empty folder', () => {
    const { stdout, status, stderr } = npx('gate', '--json')
    expect(status, `${stdout.slice(-2000)}\n${stderr}`).to.equal(0)
    const result = JSON.parse(stdout) as { verdict: string; clauses: unknown[]; stages: { name: string }[] }
    expect(result.verdict).to.equal('held')
    expect(result.clauses.length).to.be.greaterThan(30)
    expect(result.stages.map(({ name }) => name)).to.deep.equal(['contract', 'verify', 'check', 'load'])
  })

  it('exports the client and the types of a configuration', () => {
    const script =
      "import { CustomersClient, defineConfig } from 'auth-harness'; console.log(typeof CustomersClient, typeof defineConfig)"
    expect(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: folder,
        encoding: 'utf8',
      }).trim(),
    ).to.equal('function function')
  })

  it('holds no sources, tests or reports', () => {
    const top = readdirSync(join(folder, 'node_modules', 'auth-harness')).toSorted()
    expect(top).to.deep.equal([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'bin',
      'contracts',
      'dist',
      'docs',
      'load',
      'package.json',
      'schema',
      'src',
    ])
    expect(readdirSync(join(folder, 'node_modules', 'auth-harness', 'src')).toSorted()).to.deep.equal([
      'ocapi',
      'report',
    ])
  })
})

function linkDependencies(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name === '.bin' || name.startsWith('.')) continue
    const path = name.startsWith('@')
      ? readdirSync(join(from, name)).map((scoped) => join(name, scoped))
      : [name]
    for (const each of path) {
      mkdirSync(dirname(join(to, each)), { recursive: true })
      symlinkSync(join(from, each), join(to, each))
    }
  }
}
