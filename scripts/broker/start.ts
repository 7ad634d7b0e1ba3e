/**
 * `npm run broker`: a real Pact Broker on this machine until Ctrl-C. The first run installs its gems.
 *   --port 9292          this port, and not one that the system chooses
 *   --database FILE      keep what is published in this SQLite file
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startBroker } from './broker.ts'
import { DEBIAN_PACKAGES, gemsAreInstalled, installGems } from './gems.ts'

const { values } = parseArgs({ options: { port: { type: 'string' }, database: { type: 'string' } } })

if (!(await gemsAreInstalled())) {
  console.error('Installing the gems of the Pact Broker: about 75 s, this once.')
  try {
    await installGems()
  } catch (error) {
    console.error(`${(error as Error).message}\nOn Debian: apt-get install ${DEBIAN_PACKAGES}`)
    process.exit(2)
  }
}

const broker = await startBroker({
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
  ...(values.database === undefined ? {} : { database: resolve(values.database) }),
})
console.log(`A Pact Broker answers on ${broker.url} until Ctrl-C. To use it, paste into another shell:

export PACT_BROKER_BASE_URL=${broker.url}
export PACT_BROKER_USERNAME=${broker.username}
export PACT_BROKER_PASSWORD=${broker.password}
`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void broker.stop())
}
await broker.ended
await broker.stop()
