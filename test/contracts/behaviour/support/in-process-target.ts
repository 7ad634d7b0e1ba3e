import { randomBytes } from 'node:crypto'
import { configSchema } from '../../../../src/config/schema.ts'
import { startProvider } from '../../../../src/provider/index.ts'
import { shopUrlOf } from '../../../../src/target/shop-url.ts'
import { StatesOverHttp } from '../../../../src/target/states/over-http.ts'
import type { Target } from '../../../../src/target/target.ts'

/** The reference provider in this thread: dozens of them start quicker than as embedded targets. */
export async function inProcessTarget(defect?: string): Promise<Target> {
  const config = configSchema.parse({})
  const secret = new Uint8Array(randomBytes(32))
  const { url, statesUrl, close } = await startProvider({ secret, defect })
  return {
    kind: 'embedded',
    config,
    baseUrl: url,
    shopUrl: shopUrlOf(url, config),
    statesUrl,
    states: new StatesOverHttp(statesUrl),
    verification: { kind: 'secret', secret, algorithms: ['HS256'] },
    defect,
    close,
  }
}
