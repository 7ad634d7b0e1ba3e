import type { AddressInfo } from 'node:net'
import { findDefect } from './defects/index.ts'
import { createServer } from './http/server.ts'
import { addShop } from './http/shop.ts'
import { createPolicies } from './policies/policies.ts'
import { completeSettings, type ProviderSettings } from './settings.ts'
import { addStates, STATES_PATH } from './states/route.ts'

export interface RunningProvider {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly statesUrl: string
  readonly port: number
  /** Ends every connection at once. */
  close(): Promise<void>
}

/**
 * Starts the reference provider on 127.0.0.1, in whatever thread calls it.
 * @throws {SettingError} a wrong setting, named with the rule and the value
 * @throws {Error} with the code EADDRINUSE or EACCES: the port cannot be had
 */
export async function startProvider(given: Partial<ProviderSettings> = {}): Promise<RunningProvider> {
  const settings = completeSettings(given)
  const plant = settings.defect === undefined ? {} : findDefect(settings.defect).plant()
  const policies = createPolicies(settings, plant)
  const app = createServer(policies)
  addShop(app, policies)
  addStates(app, policies)
  await app.listen({ host: '127.0.0.1', port: settings.port })
  const { port } = app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return { url, statesUrl: url + STATES_PATH, port, close: () => app.close() }
}
