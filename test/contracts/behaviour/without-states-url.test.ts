import { expect } from 'chai'
import { runChecks } from '../../../contracts/lib/behaviour/index.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { ACCOUNTS_VARIABLE } from '../../../src/config/variables.ts'
import { openTarget } from '../../../src/target/open.ts'
import type { CheckResult } from '../../../src/verdict/check.ts'
import { inProcessTarget } from './support/in-process-target.ts'

/** The checks against the reference provider as if it were a sandbox: no states URL, and the accounts of a user. */
async function results(accounts: { lasting: number; lockable: number }): Promise<{
  checks: CheckResult[]
  lastingLogIn: boolean
}> {
  const provider = await inProcessTarget()
  try {
    const count = accounts.lasting + accounts.lockable
    const { customers } = await provider.states.setUp('registered customers', { count: Math.max(1, count) })
    const lines = customers
      .slice(0, count)
      .map(({ login, password, customerId }, index) =>
        [login, password, customerId, index >= accounts.lasting].join(','),
      )
    const sandbox = await openTarget(configSchema.parse({ target: { baseUrl: provider.baseUrl } }), {
      env: { [ACCOUNTS_VARIABLE]: ['login,password,customerId,lockable', ...lines].join('\n') },
    })
    const checks = await runChecks({ target: sandbox })
    const after = await Promise.all(
      customers.slice(0, accounts.lasting).map(({ basic }) =>
        fetch(`${provider.shopUrl}/customers/auth`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-dw-client-id': provider.config.target.clientId,
            authorization: `Basic ${basic}`,
          },
          body: '{"type":"credentials"}',
        }),
      ),
    )
    return { checks, lastingLogIn: after.every(({ status }) => status === 200) }
  } finally {
    await provider.close()
  }
}

const idsOf = (checks: readonly CheckResult[], verdict: CheckResult['verdict']) =>
  checks.filter((check) => check.verdict === verdict).map(({ id }) => id.replace('behaviour/', ''))

describe('a target without a states URL', function () {
  this.timeout(60_000)

  it('proves what its API and its accounts allow, and says why not the rest', async () => {
    const { checks, lastingLogIn } = await results({ lasting: 2, lockable: 14 })
    expect(idsOf(checks, 'broken')).to.deep.equal([])
    expect(idsOf(checks, 'not evaluated')).to.deep.equal([])
    expect(idsOf(checks, 'not provable here')).to.include.members([
      'session-expired-registered',
      'session-secure-token-never-used',
      'refresh-declines-expired-token',
      'follow-up-declines-token-after-its-time',
      'lock-ends-with-its-period',
      'token-signature-guest',
    ])
    expect(idsOf(checks, 'held')).to.include.members([
      'guest-new-customer-each-time',
      'login-updates-profile-times',
      'lock-after-maximum',
      'lock-holds-one-customer-only',
      'session-leaves-profile-times',
      'session-new-token-each-time',
      'refresh-renews-token-of-registered',
      'follow-up-of-guest-reads-no-other',
    ])
    expect(lastingLogIn, 'accounts that are not lockable are not locked').to.equal(true)
  })

  it('without any account, a guest is all there is', async () => {
    const { checks } = await results({ lasting: 0, lockable: 0 })
    expect(idsOf(checks, 'broken')).to.deep.equal([])
    expect(idsOf(checks, 'not evaluated')).to.deep.equal([])
    expect(idsOf(checks, 'held')).to.include.members(['guest-new-customer-each-time', 'token-times-guest'])
    for (const { verdict, reason } of checks) {
      if (verdict === 'not provable here') expect(reason).to.have.length.above(10)
    }
  })
})
