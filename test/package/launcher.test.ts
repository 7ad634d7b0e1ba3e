import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'

const launcher = join(packageRoot, 'bin', 'auth-harness.js')

describe('the launcher', () => {
  it('says in a sentence that Node is too old, and how to get one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-harness-launcher-'))
    try {
      const pretend = join(folder, 'old.mjs')
      writeFileSync(pretend, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })")
      const { status, stderr } = spawnSync(process.execPath, ['--import', pretend, launcher, '--help'], {
        encoding: 'utf8',
      })
      expect(stderr)
        .to.match(/^CONFIG NODE_TOO_OLD: .*22\.19/)
        .and.contain('npm install --save-dev node@24')
      expect(status).to.equal(2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('runs the sources in a checkout', () => {
    const { status, stdout } = spawnSync(process.execPath, [launcher, '--version'], { encoding: 'utf8' })
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/)
    expect(status).to.equal(0)
  })
})
