import { Cookie } from 'tough-cookie'
import type { CustomersClient } from '../../client/customers-client.ts'
import { ClientError, FaultError } from '../../client/errors.ts'
import type { Config } from '../../config/schema.ts'
import { HarnessError } from '../../verdict/errors.ts'
import type { Account } from '../accounts/accounts.ts'
import type { AccountPool, AccountSource } from '../accounts/pool.ts'
import {
  type CustomerToken,
  type ParamsOf,
  type ProviderStateName,
  type ProviderStates,
  type RegisteredCustomer,
  type ShopSession,
  StateNotProvable,
  type ValuesOf,
} from './states.ts'
import { basicOf } from './values.ts'

/** Sessions that are made, and accounts that are tried, at the same time. */
const BATCH = 8
/** Logins that a message names. */
const SHOWN_LOGINS = 5

/** Lockable accounts that were refused with their own password. */
interface LockedAccounts {
  readonly logins: string[]
  /** ms since 1970. */
  lastSeenAt: number
}

type Setup<Name extends ProviderStateName> = (params: ParamsOf<Name>) => Promise<ValuesOf<Name>>

/**
 * States of a target without a states URL: from what the API itself offers, and from the configured accounts. What
 * neither gives is not provable there.
 */
export class StatesOverApi implements ProviderStates {
  readonly passedSeconds = 0
  readonly #client: CustomersClient
  readonly #pool: AccountPool
  readonly #config: Config
  readonly #accounts: AccountSource
  /** What {@link takeUnlocked} gave last. */
  #lent: readonly Account[] = []
  /** Shared by the states of all checks. */
  readonly #locked: LockedAccounts

  constructor(
    client: CustomersClient,
    pool: AccountPool,
    config: Config,
    accounts: AccountSource = pool,
    locked: LockedAccounts = { logins: [], lastSeenAt: 0 },
  ) {
    this.#locked = locked
    this.#client = client
    this.#pool = pool
    this.#config = config
    this.#accounts = accounts
  }

  /** As one check sees them: see {@link statesOfOneCheck}. */
  ofOneCheck(): StatesOverApi {
    return new StatesOverApi(this.#client, this.#pool, this.#config, this.#pool.ofOneCheck(), this.#locked)
  }

  /** The accounts that no state has used up, for what runs after the checks. */
  get remainingAccounts(): readonly Account[] {
    return this.#pool.remaining
  }

  readonly #setups: { readonly [Name in ProviderStateName]: Setup<Name> } = {
    'a registered customer': async ({ failedLogins }) =>
      failedLogins === undefined
        ? customerOf(this.#account('a registered customer'))
        : this.#failed('a registered customer', failedLogins),
    'registered customers': async ({ count }) => ({
      customers: this.#take('registered customers', count).map(customerOf),
    }),
    'a locked customer': () => this.#failed('a locked customer', this.#config.lockout.maxAttempts),
    'an active session': ({ customer }) => this.#usedSession('an active session', customer),
    'active sessions': async ({ customer, count }) => {
      const sessions: ShopSession[] = []
      while (sessions.length < count) {
        const batch = Array.from({ length: Math.min(BATCH, count - sessions.length) }, () =>
          this.#usedSession('active sessions', customer),
        )
        sessions.push(...(await Promise.all(batch)))
      }
      return { sessions }
    },
    'a session whose secure token was never used': notProvable(
      'a session whose secure token was never used',
      'without a states URL it cannot be told whether the target counts a new secure token as used',
    ),
    'a customer token': ({ customer }) => this.#token('a customer token', customer),
    'an expired session': notProvable(
      'an expired session',
      'without a states URL no session can be made to expire',
    ),
    'an expired customer token': notProvable(
      'an expired customer token',
      'without a states URL no token can be made to expire',
    ),
    'time passes': notProvable('time passes', "without a states URL the target's clock cannot be moved"),
  }

  async setUp<Name extends ProviderStateName>(state: Name, params: ParamsOf<Name>): Promise<ValuesOf<Name>> {
    try {
      return await this.#setups[state](params)
    } catch (error) {
      if (error instanceof ClientError) throw failed(state, error.message, error)
      throw error
    }
  }

  #account(state: ProviderStateName): Account {
    return this.#take(state, 1)[0] as Account
  }

  #take(state: ProviderStateName, count: number): Account[] {
    const accounts = this.#accounts.take(count)
    if (accounts !== undefined) return accounts
    throw new StateNotProvable(
      state,
      `needs more registered customers that are not lockable than the configured accounts have: ${this.#accounts.size} (accounts.file)`,
    )
  }

  /**
   * All lockable accounts that are left and can log in, for a load that locks them. Those that cannot are remembered:
   * see {@link lockedAccounts}.
   */
  async takeUnlocked(): Promise<Account[]> {
    const unlocked: Account[] = []
    // A load that is run once more gets those of the run before that are not locked.
    const left = [...this.#pool.takeAllLockable(), ...this.#lent]
    while (left.length > 0) {
      const batch = left.splice(0, BATCH)
      const free = await Promise.all(batch.map((account) => this.#isFree(account)))
      unlocked.push(...batch.filter((_, index) => free[index]))
    }
    this.#lent = unlocked
    return unlocked
  }

  /** Which lockable accounts were refused with their own password, and until when; absent: none was. */
  get lockedAccounts(): string | undefined {
    const { logins, lastSeenAt } = this.#locked
    if (logins.length === 0) return undefined
    const until = new Date(lastSeenAt + this.#config.lockout.periodSeconds * 1000).toISOString()
    const shown = logins.slice(0, SHOWN_LOGINS).join(', ')
    const more = logins.length > SHOWN_LOGINS ? ` and ${logins.length - SHOWN_LOGINS} more` : ''
    return `${shown}${more} ${logins.length === 1 ? 'is' : 'are'} refused with their own password, so locked, by this run or an earlier one, until ${until} at the latest (or the password in accounts.file is wrong)`
  }

  /** A login with the right password: it also sets the count of failures back. */
  async #isFree({ login, password }: Account): Promise<boolean> {
    try {
      await this.#client.postCustomersAuth({ type: 'credentials' }, `Basic ${basicOf(login, password)}`)
      return true
    } catch (error) {
      if (!(error instanceof FaultError) || error.status !== 401) throw error
      if (!this.#locked.logins.includes(login)) this.#locked.logins.push(login)
      this.#locked.lastSeenAt = Date.now()
      return false
    }
  }

  async #freeLockable(): Promise<Account | undefined> {
    for (;;) {
      const account = this.#accounts.takeLockable()
      if (account === undefined || (await this.#isFree(account))) return account
    }
  }

  /** A throw-away customer after so many wrong passwords. */
  async #failed(state: ProviderStateName, failedLogins: number): Promise<RegisteredCustomer> {
    const account = await this.#freeLockable()
    if (account === undefined)
      throw new StateNotProvable(
        state,
        `needs a throw-away customer, and no account marked lockable is left (accounts.file)${this.lockedAccounts === undefined ? '' : `: ${this.lockedAccounts}`}`,
      )
    const wrong = `Basic ${basicOf(account.login, `${account.password}-wrong`)}`
    for (let attempt = 0; attempt < failedLogins; attempt++) {
      try {
        await this.#client.postCustomersAuth({ type: 'credentials' }, wrong)
      } catch (error) {
        if (error instanceof FaultError && error.status === 401) continue
        throw error
      }
      throw failed(state, 'a wrong password was accepted')
    }
    return customerOf(account)
  }

  async #token(state: ProviderStateName, customer: 'guest' | 'registered'): Promise<CustomerToken> {
    const answer =
      customer === 'guest'
        ? await this.#client.postCustomersAuth({ type: 'guest' })
        : await this.#client.postCustomersAuth(
            { type: 'credentials' },
            `Basic ${customerOf(this.#account(state)).basic}`,
          )
    if (answer.token === undefined) throw failed(state, 'POST /customers/auth answered no token')
    return { token: answer.token, customerId: answer.data.customer_id }
  }

  async #session(state: ProviderStateName, { token, customerId }: CustomerToken): Promise<ShopSession> {
    const answer = await this.#client.postSessions(`Bearer ${token}`)
    const cookies = answer.headers.getSetCookie().flatMap((line) => Cookie.parse(line, { loose: true }) ?? [])
    const dwsid = cookies.find(({ key, value }) => key === 'dwsid' && value !== '')
    const secure = cookies.find(({ key, value }) => /^dwsecuretoken_\w+$/.test(key) && /[^"]/.test(value))
    if (dwsid === undefined) throw failed(state, 'POST /sessions set no cookie dwsid')
    if (secure === undefined) {
      if (this.#config.session.enforceHttps)
        return { cookie: dwsid.cookieString(), dwsid: dwsid.value, customerId }
      throw new StateNotProvable(state, 'POST /sessions set no cookie dwsecuretoken_… for this customer')
    }
    return {
      cookie: `${dwsid.cookieString()}; ${secure.cookieString()}`,
      dwsid: dwsid.value,
      secureTokenName: secure.key,
      secureToken: secure.value,
      customerId,
    }
  }

  /** A secure token counts only after a request that carried it; reading the customer is one, also where it is refused. */
  async #usedSession(state: ProviderStateName, customer: 'guest' | 'registered'): Promise<ShopSession> {
    const token = await this.#token(state, customer)
    const session = await this.#session(state, token)
    try {
      await this.#client.getCustomer(token.customerId, `Bearer ${token.token}`, {
        headers: { cookie: session.cookie },
      })
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
    }
    return session
  }
}

function notProvable(state: ProviderStateName, reason: string): () => Promise<never> {
  return async () => {
    throw new StateNotProvable(state, reason)
  }
}

/**
 * The states as one check sees them: the registered customers that it is given are different ones, or the state is
 * not provable. Where customers are fresh anyway these are the states as they are.
 */
export function statesOfOneCheck(states: ProviderStates): ProviderStates {
  return states instanceof StatesOverApi ? states.ofOneCheck() : states
}

function customerOf({ login, password, customerId }: Account): RegisteredCustomer {
  return { login, password, basic: basicOf(login, password), customerId }
}

function failed(state: ProviderStateName, why: string, cause?: unknown): HarnessError {
  return new HarnessError('TARGET', 'STATE_FAILED', `the target could not be put into "${state}": ${why}`, {
    ...(cause !== undefined && { cause }),
  })
}
