import type { Policies } from '../policies/policies.ts'
import type { ShopSession } from '../policies/sessions.ts'
import { Parameters } from './parameters.ts'
import { type Account, PASSWORD_LENGTH, registerCustomers, someone } from './people.ts'

/** Enough for a load script's pool, and a bound to the memory that one request can take. */
const MAX_COUNT = 20_000
const TEN_YEARS_IN_SECONDS = 315_360_000
const MINUTE_MS = 60_000

type SetUp = (policies: Policies, params: Record<string, unknown>) => Promise<Record<string, unknown>>

/** Every provider state: the parameters it takes, and the values it answers. */
export const STATES: ReadonlyMap<string, SetUp> = new Map<string, SetUp>([
  [
    'a registered customer',
    async (policies, params) => {
      const parameters = new Parameters(params, ['failedLogins', 'passwordLength'])
      const failedLogins = parameters.whole('failedLogins', 0, 1000, 0)
      const passwordLength = parameters.whole('passwordLength', 8, 200, PASSWORD_LENGTH)
      return { ...(await customerWhoFailed(policies, failedLogins, passwordLength)) }
    },
  ],
  [
    'registered customers',
    async (policies, params) => {
      const count = new Parameters(params, ['count']).whole('count', 1, MAX_COUNT)
      return { customers: (await registerCustomers(policies, count)).map(({ account }) => account) }
    },
  ],
  [
    'a locked customer',
    async (policies, params) => {
      new Parameters(params, [])
      return { ...(await customerWhoFailed(policies, policies.settings.maxAttempts)) }
    },
  ],
  [
    'an active session',
    async (policies, params) => {
      const kind = new Parameters(params, ['customer']).customerKind()
      return sessionOf(policies, kind)
    },
  ],
  [
    'active sessions',
    async (policies, params) => {
      const parameters = new Parameters(params, ['count', 'customer'])
      const count = parameters.whole('count', 1, MAX_COUNT)
      const kind = parameters.customerKind()
      return { sessions: Array.from({ length: count }, () => sessionOf(policies, kind)) }
    },
  ],
  [
    'an expired session',
    async (policies, params) => {
      const kind = new Parameters(params, ['customer']).customerKind()
      return sessionOf(policies, kind, { expired: true })
    },
  ],
  [
    'a session whose secure token was never used',
    async (policies, params) => {
      const kind = new Parameters(params, ['customer']).customerKind()
      return sessionOf(policies, kind, { usedOverHttps: false })
    },
  ],
  [
    'a customer token',
    async (policies, params) => {
      const kind = new Parameters(params, ['customer']).customerKind()
      // A token that lives for less than two minutes is half as old as it gets.
      const ageMs = Math.min(MINUTE_MS, (policies.settings.tokenLifetimeSeconds * 1000) / 2)
      return tokenOf(policies, kind, policies.clock.now() - ageMs)
    },
  ],
  [
    'an expired customer token',
    async (policies, params) => {
      const kind = new Parameters(params, ['customer']).customerKind()
      const lifetimeMs = policies.settings.tokenLifetimeSeconds * 1000
      return tokenOf(policies, kind, policies.clock.now() - lifetimeMs - MINUTE_MS)
    },
  ],
  [
    'time passes',
    async (policies, params) => {
      policies.clock.advance(new Parameters(params, ['seconds']).number('seconds', 0, TEN_YEARS_IN_SECONDS))
      return {}
    },
  ],
])

/** Failed logins are made by failing to log in, so a defect of the lockout shows here as it does anywhere. */
async function customerWhoFailed(
  policies: Policies,
  failedLogins: number,
  passwordLength?: number,
): Promise<Account> {
  const [made] = await registerCustomers(policies, 1, passwordLength)
  if (made === undefined) throw new RangeError('no customer was made')
  for (let failed = 0; failed < failedLogins; failed++) {
    await policies.lockout.attempt(made.customer, async () => false)
  }
  return made.account
}

function sessionOf(
  policies: Policies,
  kind: 'guest' | 'registered',
  state?: { expired?: boolean; usedOverHttps?: boolean },
): Record<string, unknown> {
  const cameAt = policies.clock.now() - MINUTE_MS
  const session = policies.sessions.open(someone(policies, kind, cameAt), state)
  return sessionValues(policies, session)
}

function sessionValues({ sessions }: Policies, session: ShopSession): Record<string, unknown> {
  const { dwsid, secureToken, subject } = session
  return {
    cookie: `dwsid=${dwsid}; ${sessions.secureTokenName}=${secureToken}`,
    dwsid,
    secureTokenName: sessions.secureTokenName,
    secureToken,
    customerId: subject.customerId,
  }
}

function tokenOf(
  policies: Policies,
  kind: 'guest' | 'registered',
  issuedAtMs: number,
): Record<string, unknown> {
  const subject = someone(policies, kind, issuedAtMs)
  const clientId = policies.settings.clientIds[0]
  if (clientId === undefined) throw new RangeError('no client id is known')
  const claims = policies.claims.compose(subject, clientId, Math.floor(issuedAtMs / 1000))
  return { token: policies.tokens.write(claims), customerId: subject.customerId }
}
