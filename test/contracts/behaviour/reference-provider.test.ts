import { expect } from 'chai'
import { CHECKS, runChecks } from '../../../contracts/lib/behaviour/index.ts'
import { type ConfigInput, configSchema } from '../../../src/config/schema.ts'
import { openTarget } from '../../../src/target/open.ts'
import { type CheckResult, checkResultSchema } from '../../../src/verdict/check.ts'

async function results(config: ConfigInput): Promise<CheckResult[]> {
  const target = await openTarget(configSchema.parse(config))
  try {
    return (await runChecks({ target })).map((check) => checkResultSchema.parse(check))
  } finally {
    await target.close()
  }
}

/** What was not held, with why. */
const others = (checks: readonly CheckResult[]) =>
  checks
    .filter(({ verdict }) => verdict !== 'held')
    .map(({ id, verdict, reason, failures }) => [id, verdict, reason ?? failures])

describe('the correct reference provider', function () {
  this.timeout(60_000)

  it('holds every check, and the evidence holds no secret', async () => {
    const checks = await results({})
    expect(others(checks)).to.deep.equal([])
    expect(checks).to.have.length(CHECKS.length)
    const evidence = JSON.stringify(
      checks.map(({ exchanges, failures, reason }) => [exchanges, failures, reason]),
    )
    expect(evidence).to.not.match(/eyJ[\w-]+\.[\w-]+\./)
    expect(evidence).to.not.match(/dwsecuretoken_\w+=(?!\[redacted\])[^;"]/)
    expect(evidence).to.not.match(/dwsid=(?!\[redacted\])/)
    expect(evidence).to.not.match(/(?:Basic|Bearer) (?!\[redacted\])[\w+/=-]{8}/)
    expect(evidence).to.not.include('!7a')
  })

  it('with a maximum of one failed login, where a success can reset nothing', async () => {
    expect(others(await results({ lockout: { maxAttempts: 1 } }))).to.deep.equal([
      [
        'behaviour/lock-count-reset-by-success',
        'not provable here',
        'with a maximum of 1 no failure can come before a success',
      ],
      ...['behaviour/lock-counts-over-time', 'behaviour/lock-count-ends-with-reset-time'].map((id) => [
        id,
        'not provable here',
        'with a maximum of 1 no failure can come before another',
      ]),
    ])
  })

  it('with a maximum of ten, short times, and a refresh that revokes the older token', async () => {
    const checks = await results({
      lockout: { maxAttempts: 10, periodSeconds: 60 },
      token: { lifetimeSeconds: 60, clockToleranceSeconds: 2, oldTokenAfterRefresh: 'revoked' },
    })
    expect(others(checks)).to.deep.equal([
      [
        'behaviour/follow-up-with-token-that-was-refreshed',
        'not provable here',
        'token.oldTokenAfterRefresh says that a refresh ends the older token',
      ],
    ])
  })

  it('with a lock of ten days, another client id, and Enforce HTTPS, where no secure token is asked for', async () => {
    const checks = await results({
      target: { clientId: 'another-client', siteId: 'Other', apiVersion: 'v24_5' },
      lockout: { periodSeconds: 864_000 },
      session: { enforceHttps: true },
    })
    const secureToken = CHECKS.filter(({ clauses }) =>
      clauses.some((id) => id === 'SESS-3' || id === 'SESS-4'),
    )
    expect(secureToken).to.not.be.empty
    expect(others(checks)).to.deep.equal(
      secureToken.map(({ id }) => [
        id,
        'not provable here',
        'session.enforceHttps is set: dwsid alone then suffices',
      ]),
    )
  })

  it('in a second run, after a first that moved its clock', async () => {
    const target = await openTarget(configSchema.parse({}))
    try {
      const first = await runChecks({ target })
      const second = await runChecks({ target })
      expect(target.states.passedSeconds).to.be.above(3600)
      expect(others([...first, ...second])).to.deep.equal([])
    } finally {
      await target.close()
    }
  })
})
