import { createHmac } from 'node:crypto'
import {
  type Answered,
  basicOf,
  claimsOf,
  nearMisses,
  type TestProvider,
  unsigned,
  withAlteredPayload,
  withSignaturesThatDoNotHold,
  wrongBasic,
} from './support.ts'

/** Key of the providers that are probed. */
export const SECRET = new Uint8Array(32).fill(7)

/** One clause, seen through HTTP; true if it holds. These are the provider's own, and know nothing of the gate's checks. */
export type Probe = (provider: TestProvider) => Promise<boolean>

const isRefused = (answered: Answered, type = 'AuthenticationFailedException') =>
  answered.status === 401 &&
  answered.faultType === type &&
  !/eyJ/.test(answered.text) &&
  !answered.headers.has('authorization')
const isDeclined = (answered: Answered) =>
  answered.status === 401 && !/eyJ/.test(answered.text) && !answered.headers.has('authorization')
const letIn = (answered: Answered) => answered.status === 200
const all = (answers: Answered[], holds: (answered: Answered) => boolean) =>
  answers.every((answered) => holds(answered))
const times = async <Value>(count: number, make: () => Promise<Value>) => {
  const made: Value[] = []
  for (let at = 0; at < count; at++) made.push(await make())
  return made
}
const atOnce = <Value>(count: number, make: () => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, make))

export const PROBES: Readonly<Record<string, Probe>> = {
  'TOKEN-1': async (p) => (await p.auth('guest')).token !== undefined,
  'TOKEN-2': async (p) => {
    const { headers } = await p.auth('guest')
    const [, header = '', , signature] =
      /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(headers.get('authorization') ?? '') ?? []
    const { alg, typ } = JSON.parse(Buffer.from(header, 'base64url').toString() || '{}')
    return alg === 'HS256' && typ === 'JWT' && signature !== undefined
  },
  'TOKEN-3': async (p) => {
    const { headers, token } = await p.auth('guest')
    const { iat, exp, iss } = claimsOf(token)
    const now = Date.parse(headers.get('date') ?? '') / 1000
    return exp - iat === 1800 && Math.abs(iat - now) <= 2 && iss === 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
  },
  'TOKEN-4': async (p) => {
    const guest = await p.auth('guest')
    const registered = await p.login((await p.state('a registered customer')).basic ?? '')
    return [guest, registered].every(({ token, body }) => {
      const claims = claimsOf(token)
      return claims.customerId === body.customer_id && claims.guest === (body.auth_type === 'guest')
    })
  },
  'TOKEN-5': async (p) => {
    const token = (await p.auth('guest')).token ?? ''
    const end = token.lastIndexOf('.')
    const expected = createHmac('sha256', SECRET).update(token.slice(0, end)).digest('base64url')
    return token.slice(end + 1) === expected
  },
  'GUEST-1': async (p) => {
    const { status, body } = await p.auth('guest')
    return status === 200 && body.auth_type === 'guest' && typeof body.customer_id === 'string'
  },
  'GUEST-2': async (p) => {
    const guests = [...(await times(4, () => p.auth('guest'))), ...(await atOnce(20, () => p.auth('guest')))]
    return new Set(guests.map(({ body }) => body.customer_id)).size === guests.length
  },
  'CRED-1': async (p) => {
    const { basic = '', customerId } = await p.state('a registered customer')
    const one = await p.login(basic)
    const many = await atOnce(12, () => p.login(basic))
    return all([one, ...many], ({ status, body }) => status === 200 && body.customer_id === customerId)
  },
  'CRED-2': async (p) => {
    const { login = '' } = await p.state('a registered customer')
    const refusals = [
      await p.login(wrongBasic(login)),
      await p.login(wrongBasic('nobody')),
      await p.login(Buffer.from('no colon').toString('base64')),
      await p.auth('credentials'),
    ]
    return all(refusals, isRefused) && new Set(refusals.map(({ text }) => text)).size === 1
  },
  'CRED-3': async (p) => {
    const { basic = '' } = await p.state('a registered customer')
    await p.login(basic)
    await p.state('time passes', { seconds: 60 })
    const { headers, body } = await p.login(basic)
    const now = Date.parse(headers.get('date') ?? '')
    return [body.last_login_time, body.last_visit_time].every(
      (at) => Math.abs(Date.parse(String(at)) - now) < 2000,
    )
  },
  'CRED-4': async (p) => {
    const { login, password = '' } = await p.state('a registered customer', { passwordLength: 80 })
    const answers = []
    for (const near of nearMisses(password)) {
      answers.push(await p.login(basicOf(login, near)))
      // A success between them, so that none is refused by a lock.
      await p.login(basicOf(login, password))
    }
    return all(answers, isRefused)
  },
  'LOCK-1': async (p) => {
    const { login = '', basic = '' } = await p.state('a registered customer')
    const failures = await times(5, () => p.login(wrongBasic(login)))
    const state = await p.state('a locked customer')
    return all([...failures, await p.login(basic), await p.login(state.basic ?? '')], isRefused)
  },
  'LOCK-2': async (p) => {
    const { login = '', basic = '' } = await p.state('a registered customer')
    await atOnce(5, () => p.login(wrongBasic(login)))
    return isRefused(await p.login(basic))
  },
  'LOCK-3': async (p) => {
    await p.state('a locked customer')
    const { basic = '' } = await p.state('a registered customer')
    return letIn(await p.login(basic))
  },
  'LOCK-4': async (p) => {
    const { basic = '' } = await p.state('a locked customer')
    const { customers } = (await p.state('registered customers', { count: 1100 })) as unknown as {
      customers: { login: string }[]
    }
    await Promise.all(customers.map(({ login }) => p.login(wrongBasic(login))))
    return isRefused(await p.login(basic))
  },
  'LOCK-5': async (p) => {
    const { login = '', basic = '' } = await p.state('a registered customer')
    const answers = []
    for (let round = 0; round < 3; round++) {
      await times(4, () => p.login(wrongBasic(login)))
      answers.push(await p.login(basic))
    }
    // The same at one moment: whatever the order, there are not five failures in a row.
    const [rights] = await Promise.all([
      atOnce(4, () => p.login(basic)),
      atOnce(4, () => p.login(wrongBasic(login))),
    ])
    return all([...answers, ...rights], letIn)
  },
  'LOCK-6': async (p) => {
    const { login = '', basic = '' } = await p.state('a locked customer')
    await p.state('time passes', { seconds: 1790 })
    const before = await p.login(basic)
    await p.state('time passes', { seconds: 11 })
    await times(4, () => p.login(wrongBasic(login)))
    const after = await p.login(basic)
    await times(5, () => p.login(wrongBasic(login)))
    return isRefused(before) && letIn(after) && isRefused(await p.login(basic))
  },
  'LOCK-7': async (p) => {
    const failAfter = async (login: string | undefined, seconds: number) => {
      await p.state('time passes', { seconds })
      await p.login(wrongBasic(login ?? ''))
    }
    const kept = await p.state('a registered customer')
    for (const seconds of [0, 86_000, 86_000, 86_000, 86_000]) await failAfter(kept.login, seconds)
    const locked = await p.login(kept.basic ?? '')
    const reset = await p.state('a registered customer')
    for (const seconds of [0, 0, 0, 0, 86_401]) await failAfter(reset.login, seconds)
    return isRefused(locked) && letIn(await p.login(reset.basic ?? ''))
  },
  'LOCK-8': async (p) => {
    const spellings: ((login: string) => string)[] = [
      (login) => login.toUpperCase(),
      (login) => ` ${login} `,
      (login) => login.replace('s', '\uff53'),
    ]
    const hold = spellings.map(async (spell) => {
      const one = await p.state('a registered customer')
      if (!letIn(await p.login(basicOf(spell(one.login ?? ''), one.password)))) return true
      const other = await p.state('a registered customer')
      const spelled = wrongBasic(spell(one.login ?? ''))
      for (const basic of [spelled, wrongBasic(one.login ?? ''), spelled, spelled, spelled])
        await p.login(basic)
      const [known, second] = [other.login ?? '', spell(other.login ?? '')]
      await Promise.all([known, second, known, second, second].map((login) => p.login(wrongBasic(login))))
      return isRefused(await p.login(one.basic ?? '')) && isRefused(await p.login(other.basic ?? ''))
    })
    return (await Promise.all(hold)).every(Boolean)
  },
  'SESS-1': async (p) => {
    const kinds = ['guest', 'registered'].map(async (customer) => {
      const { cookie = '', customerId } = await p.state('an active session', { customer })
      const { status, body, token } = await p.session(cookie)
      return (
        status === 200 &&
        body.customer_id === customerId &&
        body.auth_type === customer &&
        token !== undefined
      )
    })
    return (await Promise.all(kinds)).every(Boolean)
  },
  'SESS-2': async (p) =>
    isRefused(await p.session((await p.state('an expired session', { customer: 'guest' })).cookie ?? '')),
  'SESS-3': async (p) => {
    const one = await p.state('an active session', { customer: 'guest' })
    const other = await p.state('an active session', { customer: 'guest' })
    const cookies = [
      `dwsid=${one.dwsid}`,
      `dwsid=${one.dwsid}; ${one.secureTokenName}=${other.secureToken}`,
      `${one.secureTokenName}=${one.secureToken}`,
      `dwsid=${one.dwsid}; ${one.secureTokenName}=${'x'.repeat(one.secureToken?.length ?? 0)}`,
    ]
    const refusals = await Promise.all([...cookies.map((cookie) => p.session(cookie)), p.auth('session')])
    return all(refusals, isRefused)
  },
  'SESS-4': async (p) => {
    const { cookie = '' } = await p.state('a session whose secure token was never used', {
      customer: 'guest',
    })
    return all([await p.session(cookie), await p.session(cookie)], isRefused)
  },
  'SESS-5': async (p) => {
    const { cookie = '' } = await p.state('an active session', { customer: 'registered' })
    const before = await p.session(cookie)
    const after = await p.session(cookie)
    return (
      typeof before.body.last_visit_time === 'string' &&
      before.body.last_visit_time === after.body.last_visit_time &&
      before.body.last_login_time === after.body.last_login_time
    )
  },
  'SESS-6': async (p) => {
    const { cookie = '' } = await p.state('an active session', { customer: 'guest' })
    const answers = await atOnce(5, () => p.session(cookie))
    return new Set(answers.map(({ token }) => token)).size === 5
  },
  'REFR-1': async (p) => {
    const first = await p.refresh((await p.auth('guest')).token ?? '')
    const second = await p.refresh(first.token ?? '')
    return [first, second].every(({ status, token }) => status === 200 && token !== undefined)
  },
  'REFR-2': async (p) => {
    const { token: old = '', customerId } = await p.state('a customer token', { customer: 'registered' })
    const { token, body } = await p.refresh(old)
    const renewed = claimsOf(token)
    return (
      token !== old &&
      renewed.exp > claimsOf(old).exp &&
      renewed.customerId === customerId &&
      body.customer_id === customerId
    )
  },
  'REFR-3': async (p) => {
    const { token = '' } = await p.state('a customer token', { customer: 'guest' })
    const expired = await p.state('an expired customer token', { customer: 'guest' })
    const refusals = [
      ...(await Promise.all(
        [
          expired.token ?? '',
          withAlteredPayload(token),
          unsigned(token),
          token.slice(0, token.lastIndexOf('.')),
          ...Object.values(withSignaturesThatDoNotHold(token, (await p.auth('guest')).token ?? '')),
        ].map((bad) => p.refresh(bad)),
      )),
      await p.auth('refresh'),
      await p.auth('refresh', { authorization: `Token ${token}` }),
      await p.auth('refresh', { authorization: `Basic ${(await p.state('a registered customer')).basic}` }),
    ]
    return letIn(await p.refresh(token)) && all(refusals, isDeclined)
  },
  'REFR-4': async (p) => {
    const tokens = (await atOnce(8, () => p.auth('guest'))).map(({ token = '' }) => token)
    const hops = await times(10, () =>
      Promise.all(
        tokens.map(
          async (token) => claimsOf((await p.refresh(token)).token).customerId === claimsOf(token).customerId,
        ),
      ),
    )
    return hops.flat().every(Boolean)
  },
  'USE-1': async (p) => {
    const guest = await p.auth('guest')
    const refreshed = await p.refresh(guest.token ?? '')
    const reads = await Promise.all(
      [guest, refreshed].map(({ token }) => p.read(String(guest.body.customer_id), token)),
    )
    return all(reads, ({ status, body }) => status === 200 && body.customer_id === guest.body.customer_id)
  },
  'USE-2': async (p) => isDeclined(await p.read(String((await p.auth('guest')).body.customer_id))),
  'USE-3': async (p) => {
    const { token = '', customerId = '' } = await p.state('a customer token', { customer: 'guest' })
    const expired = await p.state('an expired customer token', { customer: 'guest' })
    const bad = [
      withAlteredPayload(token),
      unsigned(token),
      token.slice(0, token.lastIndexOf('.')),
      ...Object.values(withSignaturesThatDoNotHold(token, (await p.auth('guest')).token ?? '')),
    ]
    const reads = await Promise.all(bad.map((other) => p.read(customerId, other)))
    return all([...reads, await p.read(expired.customerId ?? '', expired.token)], isDeclined)
  },
  'USE-4': async (p) => {
    const { customerId = '' } = await p.state('a registered customer')
    const { status, text } = await p.read(customerId, (await p.auth('guest')).token)
    return status === 404 && !text.includes('registered')
  },
  'FAULT-1': async (p) => {
    const { status, headers, body } = await p.login(wrongBasic('nobody'))
    const { type, message } = (body.fault ?? {}) as Record<string, unknown>
    const isJson = /^application\/json/.test(headers.get('content-type') ?? '')
    return status === 401 && isJson && typeof type === 'string' && typeof message === 'string'
  },
  'FAULT-2': async (p) => {
    const bodies = ['{"type":"gest"}', '{"type":1}', '{}', '{', '[]', 'null', '"guest"', '1']
    const answers = await Promise.all(bodies.map((body) => p.authBody(body)))
    return all(answers, ({ status, token }) => status === 400 && token === undefined)
  },
  'FAULT-3': async (p) => {
    const body = '{"type":"guest"}'
    const none = await p.send('POST', '/customers/auth', { 'content-type': 'application/json' }, body)
    const unknown = await p.authBody(body, { 'x-dw-client-id': 'unknown' })
    return none.status === 400 && unknown.status === 401
  },
  'LOAD-1': async (p) => {
    const started = performance.now()
    const answers = await atOnce(120, async () => {
      const answered = await p.auth('guest')
      return { ...answered, ms: performance.now() - started }
    })
    const { cookie = '' } = await p.state('an active session', { customer: 'guest' })
    const others = [
      ...(await atOnce(2, () => p.session(cookie))),
      ...(await atOnce(2, () => p.refresh(answers[0]?.token ?? ''))),
    ]
    const tokens = new Set([...answers, ...others].map(({ token }) => token))
    // Against the median, so that a machine that is busy slows both.
    const durations = answers.map(({ ms }) => ms).sort((a, b) => a - b)
    const isStalled = (durations.at(-1) ?? 0) - (durations[60] ?? 0) > STALL_MS
    return all(answers, letIn) && tokens.size === answers.length + others.length && !isStalled
  },
}

/** Below the 1500 ms that the defect adds. */
const STALL_MS = 1200
