import { type RunningBroker, startBroker } from '../../scripts/broker/broker.ts'
import { gemsAreInstalled } from '../../scripts/broker/gems.ts'

let started: Promise<RunningBroker> | undefined

/** The one broker of the whole suite, started when the first test needs it. */
export function realBroker(): Promise<RunningBroker> {
  started ??= startBroker()
  return started
}

/**
 * For a suite that needs it. In CI it must be there; on a user's machine without its gems the suite is skipped,
 * with a line that says how to get them.
 */
export function needsRealBroker(): void {
  before(async function () {
    this.timeout(90_000)
    if (process.env.CI || (await gemsAreInstalled())) {
      await realBroker()
      return
    }
    console.log('      skipped: no Pact Broker on this machine; npm run broker installs one (docs/broker.md)')
    this.skip()
  })
}

after(async () => {
  await (await started?.catch(() => undefined))?.stop()
})
