import { expect } from 'chai'
import type { CheckContext } from './check.ts'
import type { Answer } from './shop-api.ts'

/** A Date header has whole seconds, and so has `iat`. */
const TRUNCATION_MS = 1000

/**
 * The target's time when it answered, as a witness tells it: by the answer's Date header, else by this machine's
 * clock. A header that a server writes for its host does not follow a clock that this run has moved, so both are
 * possible.
 * @returns ms since the epoch
 */
function answeredAt(answer: Answer, passedSeconds: number): number[] {
  const passedMs = passedSeconds * 1000
  const date = Date.parse(answer.headers.get('date') ?? '')
  return Number.isNaN(date) ? [answer.receivedAtMs + passedMs] : [...new Set([date, date + passedMs])]
}

export interface Moment {
  /** As the report names it. */
  readonly name: string
  /** ms since the epoch. */
  readonly ms: number
  /** The answer to the request that it should be the time of. */
  readonly answer: Answer
}

/**
 * Both bounds of a time that should be the target's now, with the configured tolerance.
 *
 * Where a states URL can move the clock, an earlier run may have moved it, by seconds that nobody knows; a target whose Date
 * header does not follow then looks wrong. So another time that the target itself wrote is asked, and only a moment
 * that agrees with none is wrong.
 * @param secondWitness another moment of the target's, or undefined where there is none
 * @throws an assertion
 */
export async function expectNow(
  context: CheckContext,
  moment: Moment,
  secondWitness: () => Promise<Moment | undefined>,
): Promise<void> {
  const distance = offNow(context, moment)
  if (distance === 0) return
  const witness = context.hasStatesUrl ? await secondWitness() : undefined
  if (witness !== undefined && agree(context, moment, witness)) return
  expect.fail(
    `${moment.name} is the time of the request, within ${context.config.token.clockToleranceSeconds} s:` +
      ` it is ${Math.abs(distance) / 1000} s too ${distance < 0 ? 'early' : 'late'}`,
  )
}

/** ms by which it is outside of now and the tolerance, the least of what the clocks tell; 0 when it is inside. */
function offNow({ config, states }: CheckContext, { ms, answer }: Moment): number {
  const toleranceMs = config.token.clockToleranceSeconds * 1000 + TRUNCATION_MS
  return answeredAt(answer, states.passedSeconds)
    .map((now) => {
      const earliest = now - answer.durationMs - toleranceMs
      const latest = now + toleranceMs
      return ms < earliest ? Math.floor(ms - earliest) : ms > latest ? Math.ceil(ms - latest) : 0
    })
    .reduce((least, distance) => (Math.abs(distance) < Math.abs(least) ? distance : least))
}

/** Two moments are as far apart as their answers are, by the same clock. */
function agree({ config }: CheckContext, one: Moment, other: Moment): boolean {
  const apart = one.ms - other.ms - (one.answer.receivedAtMs - other.answer.receivedAtMs)
  const slack = one.answer.durationMs + other.answer.durationMs + 2 * TRUNCATION_MS
  return Math.abs(apart) <= config.token.clockToleranceSeconds * 1000 + slack
}
