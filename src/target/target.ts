import type { Config } from '../config/schema.ts'
import type { ProviderStates } from './states/states.ts'
import type { Verification } from './verification.ts'

/** The system under test. */
export interface Target {
  readonly kind: 'embedded' | 'url'
  readonly config: Config
  /** Scheme, host and port, without a trailing slash. */
  readonly baseUrl: string
  /** `{baseUrl}/s/{siteId}/dw/shop/{apiVersion}`: what every path of the API follows. */
  readonly shopUrl: string
  /** Absent where the target has none. */
  readonly statesUrl: string | undefined
  readonly states: ProviderStates
  readonly verification: Verification
  /** Id of the defect that was planted in the embedded provider. */
  readonly defect: string | undefined
  /** Stops the embedded provider; does nothing to a URL. */
  close(): Promise<void>
}
