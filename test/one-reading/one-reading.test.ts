import { join } from 'node:path'
import { expect } from 'chai'
import type { ClauseId } from '../../contracts/clauses.ts'
import { CHECKS, runChecks } from '../../contracts/lib/behaviour/index.ts'
import { VerifierProcess, verifyPacts } from '../../contracts/lib/pact/index.ts'
import { runScript } from '../../src/engine/index.ts'
import { loadChecks, separateForeign } from '../../src/gate/load-checks.ts'
import { loadEnvironment } from '../../src/gate/load-environment.ts'
import type { Target } from '../../src/target/target.ts'
import { type CheckResult, verdictFor } from '../../src/verdict/check.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { combineVerdicts, type Verdict } from '../../src/verdict/verdict.ts'
import { inProcessTarget } from '../contracts/behaviour/support/in-process-target.ts'
import { type Passing, proxyTarget } from '../contracts/behaviour/support/proxy-target.ts'
import { FOREIGN, issuedTokens, LEGAL, WRONG } from './table.ts'

/** Those of which at least two stages speak in this test. */
const CLAUSES = [
  'TOKEN-1',
  'TOKEN-2',
  'TOKEN-4',
  'GUEST-1',
  'CRED-1',
  'CRED-2',
  'LOCK-1',
  'REFR-1',
  'REFR-3',
  'USE-1',
  'USE-3',
  'FAULT-1',
  'FAULT-2',
] as const satisfies readonly ClauseId[]

type Stage = 'verify' | 'check' | 'load'

const pactFiles = [join(packageRoot, 'contracts', 'pacts', 'customers-client-ocapi-shop.json')]
const checks = CHECKS.filter(
  ({ clauses, exclusive }) =>
    exclusive === undefined && clauses.some((id) => (CLAUSES as readonly string[]).includes(id)),
)

describe('one answer has one verdict, whichever stage reads it', function () {
  this.timeout(60_000)

  let target: Target
  let change: (answer: Passing) => void
  const verifier = new VerifierProcess()
  /** Basic credentials of customers whom a state has locked. */
  const lockedByState = new Set<string>()

  before(async () => {
    target = await proxyTarget(await inProcessTarget(), (answer) => change(answer), issuedTokens)
    const { states } = target
    const setUp = states.setUp.bind(states)
    states.setUp = async (state, params) => {
      const values = await setUp(state, params)
      if (state === 'a locked customer' && 'basic' in values) lockedByState.add(String(values.basic))
      return values
    }
  })
  after(async () => {
    verifier.close()
    await target.close()
  })

  async function results(): Promise<Record<Stage, CheckResult[]> & { foreign: string[] }> {
    const { checks: verify } = await verifyPacts({ target, pactFiles, verifier })
    const check = await runChecks({ target, checks })
    const { result } = await runScript({
      script: join(packageRoot, 'test', 'one-reading', 'script.ts'),
      scenario: 'reading',
      profile: 'smoke',
      env: loadEnvironment(target, 'reading', 'smoke'),
    })
    // The thresholds are LOAD-1's, and this script has none.
    const separated = separateForeign(result)
    const load = loadChecks(separated).filter(({ id }) => id !== 'load/reading/thresholds')
    return { verify, check, load, foreign: separated.foreign?.map(({ kind }) => kind) ?? [] }
  }

  /** What each stage says of each clause that it speaks of. */
  function verdicts({
    verify,
    check,
    load,
  }: Record<Stage, CheckResult[]>): Partial<Record<ClauseId, Partial<Record<Stage, Verdict>>>> {
    return Object.fromEntries(
      CLAUSES.map((id) => [
        id,
        Object.fromEntries(
          Object.entries({ verify, check, load }).flatMap(([stage, all]) => {
            const said = all
              .filter(({ clauses }) => clauses.includes(id))
              .map((one) => verdictFor(one, id))
              .filter((verdict) => verdict !== 'not provable here')
            return said.length === 0 ? [] : [[stage, combineVerdicts(said)]]
          }),
        ),
      ]),
    )
  }

  for (const row of [...LEGAL, ...WRONG]) {
    it(`${row.name}: ${row.broken.length === 0 ? 'held' : `breaks ${row.broken.join(', ')}`}`, async () => {
      change = row.change
      const found = verdicts(await results())
      const broken = Object.entries(found).flatMap(([id, stages]) =>
        Object.values(stages).includes('broken') ? [id] : [],
      )
      expect(broken.sort(), JSON.stringify(found)).to.deep.equal([...row.broken].sort())
      for (const [id, stages] of Object.entries(found)) {
        // A stage may not come to look at it where something before it is wrong; it never says that it holds.
        const said = new Set(Object.values(stages).filter((verdict) => verdict !== 'not evaluated'))
        expect([...said], `${id}: ${JSON.stringify(stages)}`).to.have.length.at.most(1)
        if (row.broken.length === 0) expect([...new Set(Object.values(stages))], id).to.deep.equal(['held'])
      }
    })
  }

  it('a locked customer who is refused with another status and a fault: held, by whatever status', async () => {
    for (const status of [403, 423, 429]) {
      const failures = new Map<string, number>()
      change = lockedAnswers(status, failures)
      const found = verdicts(await results())
      expect(found['LOCK-1'], String(status)).to.deep.equal({ verify: 'held', check: 'held', load: 'held' })
      expect(found['CRED-2'], String(status)).to.deep.equal({ verify: 'held', check: 'held', load: 'held' })
    }
  })

  /** A right password that is refused, and a wrong one after as many failures as lock. */
  function lockedAnswers(status: number, failures: Map<string, number>) {
    const { maxAttempts } = target.config.lockout
    return (answer: Passing) => {
      const [scheme, credentials = ''] = (answer.authorization ?? '').split(' ')
      if (answer.type !== 'credentials' || scheme !== 'Basic' || answer.status !== 401) return
      const login = Buffer.from(credentials, 'base64').toString().split(':')[0] ?? ''
      const count = (failures.get(login) ?? 0) + 1
      failures.set(login, count)
      const isLocked = count > maxAttempts || lockedByState.has(credentials)
      if (!isLocked) return
      answer.status = status
      answer.json = { fault: { type: 'CustomerLockedException', message: 'The customer is locked.' } }
    }
  }

  for (const [kind, foreign] of Object.entries(FOREIGN)) {
    it(`${kind} in the place of the API breaks no clause, holds none, and is counted`, async () => {
      change = foreign
      const { verify, check, foreign: counted, load } = await results()
      for (const one of [...verify, ...check]) {
        expect(
          ['not evaluated', 'not provable here'],
          `${one.id} ${JSON.stringify(one.failures)}`,
        ).to.include(one.verdict)
      }
      expect(verify.find(({ id }) => id === 'contract/a-guest-request')?.reason).to.equal(
        `POST /customers/auth is answered ${kind}, no document of the API`,
      )
      expect(counted).to.deep.equal([kind])
      expect(load.filter(({ verdict }) => verdict === 'held' || verdict === 'broken')).to.deep.equal([])
    })
  }
})
