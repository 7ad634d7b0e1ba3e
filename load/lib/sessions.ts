import encoding from 'k6/encoding'
import http from 'k6/http'
import type { Account } from './accounts.ts'
import { readAnswer } from './answer.ts'
import { tokenReader } from './decode.ts'
import { requireDocument } from './foreign.ts'
import { requirePool } from './pool.ts'
import type { Settings } from './settings.ts'
import { createShop } from './shop.ts'
import { type Session, setState } from './states.ts'

/**
 * Active sessions of guests and of registered customers, in turn: made by a provider state, or over the session
 * bridge (`POST /sessions` with a token).
 * @throws {Error} there are too few, or the target made none
 */
export async function activeSessions(
  settings: Settings,
  accounts: readonly Account[],
  need: number,
  why: string,
): Promise<Session[]> {
  const { statesUrl, customers } = settings
  if (customers !== undefined) {
    requirePool('sessions', customers, need, why, `set CUSTOMERS to ${need}, or leave it out`)
  }
  const count = customers ?? need
  const guests = Math.ceil(count / 2)
  if (statesUrl === undefined) return bridgedSessions(settings, accounts, count)
  const [ofGuests, ofRegistered] = await Promise.all([
    setState(statesUrl, 'active sessions', { count: guests, customer: 'guest' }),
    setState(statesUrl, 'active sessions', { count: Math.max(1, count - guests), customer: 'registered' }),
  ])
  // Only what a request needs goes into the data of setup(), which k6 writes into some of its exports.
  return [...ofGuests.sessions, ...ofRegistered.sessions].map(({ cookie, customerId }) => ({
    cookie,
    customerId,
  }))
}

/** Without accounts all sessions are of guests. */
async function bridgedSessions(
  settings: Settings,
  accounts: readonly Account[],
  count: number,
): Promise<Session[]> {
  const shop = createShop(settings)
  const sessions: Session[] = []
  for (let index = 0; index < count; index++) {
    const account = index % 2 === 0 ? undefined : accounts[index >> 1]
    const response =
      account === undefined
        ? await shop.guest()
        : await shop.credentials(encoding.b64encode(`${account.login}:${account.password}`))
    requireDocument(response, account === undefined ? 'a guest' : 'a login')
    const { token, customerId } = readAnswer(tokenReader(), response) ?? {}
    if (token === undefined || customerId === undefined) {
      throw new Error(`no token for a session: the target answered status ${response.status}`)
    }
    sessions.push({ customerId, cookie: await bridge(settings, token) })
  }
  return sessions
}

/** @returns the whole Cookie header of the session that the target opens for a token */
async function bridge(
  { shopUrl, clientId, requestTimeoutMs, enforceHttps }: Settings,
  token: string,
): Promise<string> {
  const response = await http.asyncRequest('POST', `${shopUrl}/sessions`, null, {
    headers: { 'x-dw-client-id': clientId, Authorization: `Bearer ${token}` },
    tags: { phase: 'setup' },
    timeout: requestTimeoutMs,
    jar: new http.CookieJar(),
  })
  requireDocument(response, 'POST /sessions')
  const cookies = Object.entries(response.cookies).flatMap(([name, [cookie]]) =>
    cookie !== undefined && cookie.value !== '' && /^dwsid$|^dwsecuretoken_/.test(name)
      ? [`${name}=${cookie.value}`]
      : [],
  )
  if (!cookies.some((cookie) => cookie.startsWith('dwsid='))) {
    throw new Error(`no session: POST /sessions was answered with status ${response.status}, without dwsid`)
  }
  // Where the site does not enforce HTTPS, dwsid alone is no active session.
  if (!enforceHttps && !cookies.some((cookie) => cookie.startsWith('dwsecuretoken_'))) {
    throw new Error(
      `no session: POST /sessions was answered with status ${response.status}, without dwsecuretoken_…, ` +
        'which a session needs unless ENFORCE_HTTPS is true',
    )
  }
  return cookies.join('; ')
}
