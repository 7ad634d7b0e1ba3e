/** A customer that the target made for us, with the secrets to log in as that customer. */
export interface RegisteredCustomer {
  login: string
  password: string
  /** base64 of `login:password`. */
  basic: string
  customerId: string
}

export interface ShopSession {
  /** The whole Cookie header. */
  cookie: string
  dwsid: string
  /** `dwsecuretoken_<hex>`; absent, as its value, where the target asks for none (`session.enforceHttps`). */
  secureTokenName?: string | undefined
  secureToken?: string | undefined
  customerId: string
}

/**
 * Issued at least one minute ago where the target has a states URL; else just now, since then it comes from a login:
 * a check that needs an older one reads the token's `iat`.
 */
export interface CustomerToken {
  /** Without the scheme. */
  token: string
  customerId: string
}

type CustomerKind = { customer: 'guest' | 'registered' }

/** Every provider state, with its parameters and values. Names and shapes are an interface that targets implement. */
interface ProviderStateMap {
  'a registered customer': {
    /** `passwordLength` in characters, 8 to 200; a target that does not know it gives its usual password. */
    params: { failedLogins?: number; passwordLength?: number }
    values: RegisteredCustomer
  }
  'registered customers': { params: { count: number }; values: { customers: RegisteredCustomer[] } }
  'a locked customer': { params: Record<never, never>; values: RegisteredCustomer }
  'an active session': { params: CustomerKind; values: ShopSession }
  'active sessions': { params: CustomerKind & { count: number }; values: { sessions: ShopSession[] } }
  'an expired session': { params: CustomerKind; values: ShopSession }
  'a session whose secure token was never used': { params: CustomerKind; values: ShopSession }
  'a customer token': { params: CustomerKind; values: CustomerToken }
  'an expired customer token': { params: CustomerKind; values: CustomerToken }
  'time passes': { params: { seconds: number }; values: Record<never, never> }
}

export type ProviderStateName = keyof ProviderStateMap
export type ParamsOf<Name extends ProviderStateName> = ProviderStateMap[Name]['params']
export type ValuesOf<Name extends ProviderStateName> = ProviderStateMap[Name]['values']

/** Puts a target into a state. */
export interface ProviderStates {
  /**
   * @throws {StateNotProvable} the target can not be put into this state at all; the check is not provable here
   * @throws {HarnessError} of kind TARGET: it should have been possible, and failed; the check is not evaluated
   */
  setUp<Name extends ProviderStateName>(state: Name, params: ParamsOf<Name>): Promise<ValuesOf<Name>>
  /** Seconds by which `time passes` has moved the target's clock in this run. */
  readonly passedSeconds: number
}

/** The target has no means to be put into a state; `message` is the reason that the report shows. */
export class StateNotProvable extends Error {
  readonly state: ProviderStateName

  constructor(state: ProviderStateName, reason: string) {
    super(reason)
    this.name = 'StateNotProvable'
    this.state = state
  }
}
