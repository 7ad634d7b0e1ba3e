import { AssertionError, expect } from 'chai'
import { apiResponse } from '../../../contracts/lib/api-response.ts'
import type { CheckContext } from '../../../contracts/lib/behaviour/check.ts'
import type { Answer } from '../../../contracts/lib/behaviour/shop-api.ts'
import { expectNow, type Moment } from '../../../contracts/lib/behaviour/target-clock.ts'
import { configSchema } from '../../../src/config/schema.ts'

const NOW = Date.parse('2026-11-24T03:00:00Z')
const TOLERANCE = 5

function context({ passedSeconds = 0, hasStatesUrl = true } = {}): CheckContext {
  return {
    config: configSchema.parse({ token: { clockToleranceSeconds: TOLERANCE } }),
    states: { passedSeconds, setUp: () => Promise.reject(new Error('no state is set up')) },
    hasStatesUrl,
    // what the clock does not look at
  } as unknown as CheckContext
}

function answer({
  date,
  receivedAtMs = NOW,
  durationMs = 0,
}: {
  date?: number
  receivedAtMs?: number
  durationMs?: number
} = {}): Answer {
  return apiResponse({
    status: 200,
    headers: new Headers(date === undefined ? {} : { date: new Date(date).toUTCString() }),
    setCookies: [],
    body: '',
    sent: undefined,
    receivedAtMs,
    durationMs,
  })
}

async function isNow(
  seconds: number,
  given: Answer,
  { witness, ...options }: { witness?: Moment; passedSeconds?: number; hasStatesUrl?: boolean } = {},
): Promise<boolean> {
  try {
    await expectNow(
      context(options),
      { name: 'iat', ms: NOW + seconds * 1000, answer: given },
      async () => witness,
    )
    return true
  } catch (error) {
    expect(error).to.be.instanceOf(AssertionError)
    return false
  }
}

describe("the target's now", () => {
  it('is the Date header, with the tolerance to either side and the second that is cut off', async () => {
    const given = answer({ date: NOW, receivedAtMs: NOW + 7_200_000 })
    expect(await isNow(0, given)).to.equal(true)
    expect(await isNow(-TOLERANCE - 1, given)).to.equal(true)
    expect(await isNow(TOLERANCE + 1, given)).to.equal(true)
    expect(await isNow(-TOLERANCE - 1.001, given)).to.equal(false)
    expect(await isNow(TOLERANCE + 1.001, given)).to.equal(false)
    expect(await isNow(7200, given)).to.equal(false)
  })

  it('is some time during the request', async () => {
    const slow = answer({ date: NOW, durationMs: 3000 })
    expect(await isNow(-TOLERANCE - 4, slow)).to.equal(true)
    expect(await isNow(-TOLERANCE - 4.001, slow)).to.equal(false)
    expect(await isNow(TOLERANCE + 1.001, slow)).to.equal(false)
  })

  it('without a Date header is the time of this machine, moved as this run moved it', async () => {
    expect(await isNow(0, answer())).to.equal(true)
    expect(await isNow(-60, answer())).to.equal(false)
    expect(await isNow(3600, answer(), { passedSeconds: 3600 })).to.equal(true)
    expect(await isNow(0, answer(), { passedSeconds: 3600 })).to.equal(false)
  })

  it('with a Date header may have moved with this run or not', async () => {
    const given = answer({ date: NOW })
    expect(await isNow(3600, given, { passedSeconds: 3600 })).to.equal(true)
    expect(await isNow(0, given, { passedSeconds: 3600 })).to.equal(true)
    expect(await isNow(1800, given, { passedSeconds: 3600 })).to.equal(false)
  })

  it('may have been moved by an earlier run: then another of its times tells', async () => {
    const given = answer({ date: NOW })
    const moment = (seconds: number, later: number): Moment => ({
      name: 'last_visit_time',
      ms: NOW + seconds * 1000,
      answer: answer({ receivedAtMs: NOW + later * 1000 }),
    })
    expect(await isNow(5000, given, { witness: moment(5060, 60) })).to.equal(true)
    expect(await isNow(5000, given, { witness: moment(60, 60) })).to.equal(false)
    expect(await isNow(5000, given, { witness: moment(5090, 60) })).to.equal(false)
    expect(await isNow(5000, given)).to.equal(false)
  })

  it('cannot have been moved where there is no states URL', async () => {
    const witness: Moment = { name: 'last_visit_time', ms: NOW + 5_000_000, answer: answer() }
    expect(await isNow(5000, answer({ date: NOW }), { witness, hasStatesUrl: false })).to.equal(false)
  })

  it('is told with its distance', async () => {
    const given = answer({ date: NOW })
    const early = await expectNow(
      context(),
      { name: 'iat', ms: NOW - 3_606_000, answer: given },
      async () => undefined,
    ).catch((error: Error) => error.message)
    expect(early).to.equal('iat is the time of the request, within 5 s: it is 3600 s too early')
  })
})
