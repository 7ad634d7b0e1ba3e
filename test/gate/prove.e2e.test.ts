import { expect } from 'chai'
import { runResultSchema } from '../../src/verdict/run-result.ts'
import { runCli } from '../cli/run-cli.ts'

// The gate is trusted for this: it runs against the correct provider and every planted defect.
describe('the proof of the gate on every planted defect', function () {
  this.timeout(900_000)

  it('kills each by a check of a clause of it, by every claim of every check, and without a false alarm', async () => {
    const { stdout, stderr, status } = await runCli(['prove', '--json'])
    const { killMatrix, durationMs } = runResultSchema.parse(JSON.parse(stdout))
    process.stderr.write(
      `      ${killMatrix?.defects.length} defects in ${(durationMs / 1000).toFixed(0)} s\n`,
    )
    const alive = killMatrix?.defects.filter(({ fate }) => fate !== 'killed')
    expect(
      {
        alive,
        falseAlarms: killMatrix?.falseAlarms,
        unevaluated: killMatrix?.unevaluated,
        idle: killMatrix?.idle,
        unheard: killMatrix?.unheard,
        idleProofs: killMatrix?.idleProofs,
      },
      stderr,
    ).to.deep.equal({
      alive: [],
      falseAlarms: [],
      unevaluated: [],
      idle: [],
      unheard: [],
      idleProofs: [],
    })
    expect(killMatrix?.defects.length).to.be.greaterThan(40)
    expect(status).to.equal(0)
  })
})
