import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

describe('publish --dry-run', function () {
  this.timeout(30_000)

  it('needs no broker, and sends the pacts that contract has written here', async () => {
    const cwd = temporaryFolder()
    const line = ['publish', '--dry-run', '--consumer-app-version', '1']
    const none = await runCli(line, { cwd })
    expect(none.stderr).to.contain('PACTS_MISSING').and.contain('contracts/pacts')
    expect(none.status).to.equal(2)
    mkdirSync(join(cwd, 'contracts'))
    cpSync(join(packageRoot, 'contracts', 'pacts'), join(cwd, 'contracts', 'pacts'), { recursive: true })
    const { status, stdout, stderr } = await runCli(line, { cwd })
    expect(stdout).to.contain('would be published to a broker (none is configured) as version 1')
    expect(stderr).to.contain('warning: no branch was found')
    expect(status).to.equal(0)
  })
})
