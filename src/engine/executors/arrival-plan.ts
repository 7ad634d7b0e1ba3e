import type { OpenScenario, Stage } from '../options/options.ts'
import { type SegmentIndex, WHOLE } from './segment-index.ts'

/**
 * The planned starts of an open executor, as data. `startAt` is a pure function of the index, so a plan is read
 * lazily, from any index, by any worker, and costs no memory.
 */
export interface ArrivalPlan {
  /** How many iterations are planned. */
  readonly count: number
  /** When iteration `i` (0 ≤ i < count) should start, in ms from the start of its scenario; ascending. */
  startAt(i: number): number
  /** The index of this share's iteration `i` among those of all shares (k6's `iterationInTest`). */
  indexInTest(i: number): number
}

/**
 * Iteration i starts when the integral of the rate passes i. So with a rate from the start on the first iteration
 * is at 0, the last is before the end, and the number of iterations is the integral (rounded up: an iteration that
 * began its interval is planned). One rule for both executors, since a constant rate is a ramp from a rate to itself.
 *
 * k6 has two rules. Its constant-arrival-rate has the same starts, and one more at the very end, which its timer
 * wins or loses against the deadline (51 of 50/s for 1 s were measured). Its ramping-arrival-rate waits until the
 * integral has reached i + 1, so it starts each iteration one interval later; the number is the same wherever the
 * integral is whole.
 *
 * @param share of this worker among the iterations
 */
export function planArrivals(scenario: OpenScenario, share: SegmentIndex = WHOLE): ArrivalPlan {
  const { segments, total } = integrate(scenario)
  return {
    count: share.count(total),
    indexInTest: (i) => share.at(i),
    startAt: (i) => timeOf(segments, share.at(i)),
  }
}

/** The planned rate in iterations per second at `t` ms from the start of the scenario; 0 outside of it. */
export function plannedRate(scenario: OpenScenario, t: number): number {
  let start = 0
  for (const { from, to, duration } of profile(scenario)) {
    if (t >= start && t < start + duration) {
      return ((from + ((to - from) * (t - start)) / duration) * 1000) / scenario.timeUnit
    }
    start += duration
  }
  return 0
}

/** A stage with at least one planned start. Rates per ms. */
interface Segment {
  /** ms from the start of the scenario */
  readonly start: number
  readonly duration: number
  readonly from: number
  readonly to: number
  /** Of the first iteration that starts in it. */
  readonly firstIndex: number
  /** firstIndex minus the integral at its start: 0 to 1, the part of an iteration still due. */
  readonly due: number
}

/** k6 counts time in nanoseconds; so the integral is exact in whole numbers. */
const NS_PER_MS = 1e6

function integrate(scenario: OpenScenario): { segments: Segment[]; total: number } {
  const segments: Segment[] = []
  // The integral is kept in units of 1 / (2 * timeUnit in ns) iterations, in which each stage has a whole area.
  const unit = 2n * nanoseconds(scenario.timeUnit)
  let area = 0n
  let start = 0
  for (const { from, to, duration } of profile(scenario)) {
    const firstIndex = ceilDivide(area, unit)
    const due = Number(firstIndex * unit - area) / Number(unit)
    area += BigInt(from + to) * nanoseconds(duration)
    if (ceilDivide(area, unit) > firstIndex) {
      segments.push({
        start,
        duration,
        from: from / scenario.timeUnit,
        to: to / scenario.timeUnit,
        firstIndex: Number(firstIndex),
        due,
      })
    }
    start += duration
  }
  return { segments, total: Number(ceilDivide(area, unit)) }
}

/** The stages with the rate at both ends. */
function profile(scenario: OpenScenario): { from: number; to: number; duration: number }[] {
  if (scenario.executor === 'constant-arrival-rate') {
    return [{ from: scenario.rate, to: scenario.rate, duration: scenario.duration }]
  }
  return scenario.stages.map((stage: Stage, index) => ({
    from: scenario.stages[index - 1]?.target ?? scenario.startRate,
    to: stage.target,
    duration: stage.duration,
  }))
}

function timeOf(segments: readonly Segment[], index: number): number {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    const segment = segments[middle]
    if (segment !== undefined && segment.firstIndex <= index) low = middle
    else high = middle - 1
  }
  const segment = segments[low]
  if (segment === undefined) throw new RangeError(`nothing is planned, so no iteration ${index}`)
  const { start, duration, from, to, firstIndex, due } = segment
  return start + ramp(from, to, duration, index - firstIndex + due)
}

/**
 * When a linear ramp has covered `area` iterations: the root of from·x + (to-from)/(2·duration)·x² = area, in the
 * form that loses no digits where the two rates are close. Rounding must not ask for the root of a negative.
 */
function ramp(from: number, to: number, duration: number, area: number): number {
  if (area === 0) return 0
  return (2 * area) / (from + Math.sqrt(Math.max(0, from * from + (2 * area * (to - from)) / duration)))
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * NS_PER_MS))
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}
