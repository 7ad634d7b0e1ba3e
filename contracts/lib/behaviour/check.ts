import type { Config } from '../../../src/config/schema.ts'
import type { ProviderStateName, ProviderStates } from '../../../src/target/states/states.ts'
import type { ClauseId } from '../../clauses.ts'
import type { ShopApi } from './shop-api.ts'
import type { SignatureVerifier } from './signature.ts'

/** One thing to find out about a target that a single request cannot show. Data, so that it can be listed and chosen. */
export interface Check {
  readonly id: `behaviour/${string}`
  /** A sentence that is true when the check holds. */
  readonly title: string
  /** The clauses that it proves; broken, it breaks every one of them. */
  readonly clauses: readonly [ClauseId, ...ClauseId[]]
  /** Every provider state that {@link run} may set up. */
  readonly needs: readonly ProviderStateName[]
  /** The clock is shared by all: such a check runs after the others, alone. */
  readonly exclusive?: 'moves the clock'
  /**
   * Returns when the check holds. Otherwise throws: a chai assertion (broken), what
   * {@link CheckContext.prerequisite} or the target throws (not evaluated), `NotProvable` (not provable here).
   */
  run(context: CheckContext): Promise<void>
}

/** What a check works with. Every exchange goes into its evidence. */
export interface CheckContext {
  readonly config: Config
  readonly api: ShopApi
  /** Makes fresh things each time, so that checks may run side by side. */
  readonly states: ProviderStates
  readonly signatures: SignatureVerifier
  /** Without one, states come from the API itself: customers are accounts that exist, tokens are just issued. */
  readonly hasStatesUrl: boolean
  /**
   * What has to hold before the check can say anything, such as the valid twin of an invalid request.
   * An assertion that fails in `act` leaves the check unevaluated; the clause it belongs to has a check of its own.
   * @param what a sentence that is true when it holds
   */
  prerequisite<T>(what: string, act: () => T | Promise<T>): Promise<T>
}
