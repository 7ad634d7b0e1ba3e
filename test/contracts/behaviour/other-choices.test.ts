import { expect } from 'chai'
import { runChecks } from '../../../contracts/lib/behaviour/index.ts'
import { isObject } from '../../../src/ocapi/json.ts'
import type { CheckResult } from '../../../src/verdict/check.ts'
import { inProcessTarget } from './support/in-process-target.ts'
import { type Passing, proxyTarget } from './support/proxy-target.ts'

/** What was not held, with why. */
async function others(
  change: (answer: Passing) => void,
  options: { before?: number; defect?: string; clauses?: string[] } = {},
): Promise<CheckResult[]> {
  const target = await proxyTarget(await inProcessTarget(options.defect), change)
  try {
    if (options.before !== undefined) await moveClock(target.statesUrl, options.before)
    const checks = await runChecks({ target, ...(options.clauses && { clauses: options.clauses }) })
    return checks.filter(({ verdict }) => verdict !== 'held')
  } finally {
    await target.close()
  }
}

/** As an earlier run did, of which the one under test knows nothing. */
async function moveClock(statesUrl: string | undefined, seconds: number): Promise<void> {
  const answer = await fetch(statesUrl ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'time passes', params: { seconds }, action: 'setup' }),
  })
  expect(answer.status).to.equal(200)
}

const faultOf = ({ json }: Passing): Record<string, unknown> | undefined =>
  isObject(json?.fault) ? json.fault : undefined

const brief = (checks: readonly CheckResult[]) =>
  checks.map(({ id, verdict, reason, failures }) => [
    id,
    verdict,
    reason ?? failures.map(({ message }) => message),
  ])

/** The clauses leave much open. A target that chose otherwise than the reference provider is as right. */
describe('a right target that made other choices', function () {
  this.timeout(60_000)

  it('other faults where none is pinned, times of whole seconds, a visit that is another each time', async () => {
    let visit = 0
    const found = await others((answer) => {
      const { json } = answer
      if (json === undefined) return
      delete json._v
      for (const [name, value] of Object.entries(json)) {
        if (name.endsWith('_time') && typeof value === 'string') json[name] = value.replace(/\.\d{3}Z$/, 'Z')
      }
      if ('visit_id' in json) json.visit_id = `visit-${++visit}`
      const fault = faultOf(answer)
      if (fault === undefined) return
      if (fault.type !== 'AuthenticationFailedException') fault.type = 'SomeOtherException'
      fault.message = `Sorry. The token '${answer.authorization ?? ''}' or what came with it is invalid.`
      fault.arguments = { path: { type: 'string', value: answer.path } }
      fault.display_message_pattern = ''
      answer.headers['www-authenticate'] = 'Bearer realm="shop", error="invalid_token"'
    })
    expect(brief(found)).to.deep.equal([])
  })

  it('no arguments, no Date header, a cookie; who may not read a customer is forbidden, not unauthorized', async () => {
    const found = await others((answer) => {
      const fault = faultOf(answer)
      if (fault) delete fault.arguments
      if (answer.method === 'GET' && answer.status === 401) answer.status = 403
      answer.headers['content-type'] = 'application/json'
      answer.headers['set-cookie'] = 'dwanonymous_0f=abc; Path=/'
      delete answer.headers.date
    })
    expect(brief(found)).to.deep.equal([])
  })

  it('a profile without optional fields: its times are not provable', async () => {
    const found = await others((answer) => {
      const { json } = answer
      if (json === undefined || 'fault' in json) return
      answer.json = { auth_type: json.auth_type, customer_id: json.customer_id }
    })
    expect(brief(found)).to.deep.equal([
      [
        'behaviour/login-updates-profile-times',
        'not provable here',
        'the profile that the target shows this client id has no last_visit_time and no last_login_time',
      ],
      [
        'behaviour/session-leaves-profile-times',
        'not provable here',
        'the profile that the target shows this client id has no last_visit_time and no last_login_time',
      ],
    ])
  })

  it('a profile with one of the two times: what it shows is looked at, and the rest is not provable', async () => {
    const found = await others(
      ({ json }) => {
        if (json !== undefined) delete json.last_login_time
      },
      { clauses: ['CRED-3', 'SESS-5'] },
    )
    expect(brief(found)).to.deep.equal([
      [
        'behaviour/login-updates-profile-times',
        'not provable here',
        'the profile that the target shows this client id has no last_login_time',
      ],
    ])
  })

  for (const date of [true, false]) {
    const what = date ? 'a Date header that does not follow its moved clock' : 'no Date header'
    it(`${what}, after an earlier run that moved the clock`, async () => {
      const found = await others(
        ({ headers }) => {
          headers.date = date ? new Date().toUTCString() : undefined
        },
        { before: 5000, clauses: ['TOKEN-3', 'CRED-3'] },
      )
      expect(brief(found)).to.deep.equal([])
    })

    it(`${what}, after an earlier run, and a wrong iat is seen all the same`, async () => {
      const found = await others(
        ({ headers }) => {
          headers.date = date ? new Date().toUTCString() : undefined
        },
        { before: 5000, defect: 'token-issued-ahead', clauses: ['TOKEN-3'] },
      )
      expect(found.filter(({ verdict }) => verdict === 'broken')).to.have.length(6)
    })

    it(`${what}, after an earlier run, and wrong times of a profile are seen all the same`, async () => {
      const found = await others(
        ({ headers }) => {
          headers.date = date ? new Date().toUTCString() : undefined
        },
        { before: 5000, defect: 'login-times-an-hour-off', clauses: ['CRED-3'] },
      )
      expect(found.map(({ verdict }) => verdict)).to.deep.equal(['broken'])
    })
  }
})
