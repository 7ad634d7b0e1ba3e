/**
 * `npm run broker`: a real Pact Broker on this machine until Ctrl-C. The first run installs its gems.
 *   --port 9292          this port, and not one that the system chooses
 *   --database FILE      keep what is published in this SQLite file
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type BrokerOptions, startBroker } from './broker.ts'
import { DEBIAN_PACKAGES, gemsAreInstalled, installGems } from './gems.ts'

try {
  const options = readOptions()
  if (!(await gemsAreInstalled())) await install()
  await serve(options)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}

/** @throws {Error} an unknown option, or a port that is none */
function readOptions(): BrokerOptions {
  const { port, database } = parseArgs({
    options: { port: { type: 'string', default: '0' }, database: { type: 'string' } },
  }).values
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${port}".`)
  }
  return { port: Number(port), ...(database !== undefined && { database: resolve(database) }) }
}

async function install(): Promise<void> {
  console.error('Installing the gems of the Pact Broker: about 90 s, this once.')
  try {
    await installGems()
  } catch (error) {
    throw new Error(`${(error as Error).message}\nOn Debian: apt-get install ${DEBIAN_PACKAGES}`)
  }
}

async function serve(options: BrokerOptions): Promise<void> {
  const broker = await startBroker(options)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void broker.stop())
  console.log(`A Pact Broker answers on ${broker.url} until Ctrl-C. To use it, paste into another shell:

export PACT_BROKER_BASE_URL=${broker.url}
export PACT_BROKER_USERNAME=${broker.username}
export PACT_BROKER_PASSWORD=${broker.password}
`)
  await broker.ended
  await broker.stop()
}
