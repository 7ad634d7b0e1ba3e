export const PROFILES = ['smoke', 'average', 'stress', 'spike', 'soak', 'breakpoint'] as const
export type Profile = (typeof PROFILES)[number]

/** A part of the load: from one multiple of the rate to another, evenly, in `ms`. */
interface Part {
  readonly ms: number
  readonly from: number
  readonly to: number
}

interface Shape {
  readonly warmupMs: number
  readonly parts: readonly Part[]
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const hold = (ms: number, level: number): Part => ({ ms, from: level, to: level })
const ramp = (ms: number, from: number, to: number): Part => ({ ms, from, to })

/** How much of the rate, for how long. The rate is the scenario's own (`RATE` replaces it). */
export const SHAPES: Readonly<Record<Profile, Shape>> = {
  /** Seconds: is everything right under some load? Part of the gate. */
  smoke: { warmupMs: SECOND, parts: [hold(2 * SECOND, 1)] },
  /** A usual hour, cut to five minutes. */
  average: { warmupMs: 30 * SECOND, parts: [hold(5 * MINUTE, 1)] },
  /** The busiest day: twice, three and four times the usual. */
  stress: {
    warmupMs: 30 * SECOND,
    parts: [
      ramp(MINUTE, 1, 2),
      hold(3 * MINUTE, 2),
      ramp(MINUTE, 2, 3),
      hold(3 * MINUTE, 3),
      ramp(MINUTE, 3, 4),
      hold(3 * MINUTE, 4),
    ],
  },
  /** A sale opens: ten times the usual within ten seconds. */
  spike: {
    warmupMs: 30 * SECOND,
    parts: [
      hold(MINUTE, 1),
      ramp(10 * SECOND, 1, 10),
      hold(MINUTE, 10),
      ramp(10 * SECOND, 10, 1),
      hold(2 * MINUTE, 1),
    ],
  },
  /** The usual, for long: leaks, expiries, rotations. */
  soak: { warmupMs: MINUTE, parts: [hold(2 * HOUR, 1)] },
  /** One trial of the search for the highest rate that holds; the search itself is outside of the script. */
  breakpoint: { warmupMs: 3 * SECOND, parts: [hold(15 * SECOND, 1)] },
}

/** What a k6 scenario does in one iteration, and how often. */
export interface Work {
  /** Name of the exported function. */
  readonly exec: string
  /** Iterations per second of profile `smoke`, and of all other profiles. */
  readonly rate: { readonly smoke: number; readonly full: number }
  /** Seconds that an iteration takes when all is well, think time included. */
  readonly seconds: number
  readonly tags: Readonly<Record<string, string>>
}

/** What replaces the profile's own figures. */
export interface Overrides {
  /** Iterations per second of this work. */
  readonly rate?: number | undefined
  readonly vus?: number | undefined
  readonly durationMs?: number | undefined
  readonly warmupMs?: number | undefined
}

/** An entry of `options.scenarios`. */
export type LoadScenario = ReturnType<typeof executor> & {
  readonly exec: string
  readonly startTime?: string
  readonly gracefulStop: string
  readonly tags: Record<string, string>
}

/** The overrides of a work that is only a part of the whole load. */
export function partOf(whole: Overrides, share: number): Overrides {
  return {
    rate: whole.rate === undefined ? undefined : whole.rate * share,
    vus: whole.vus === undefined ? undefined : Math.max(1, Math.round(whole.vus * share)),
    durationMs: whole.durationMs,
    warmupMs: whole.warmupMs,
  }
}

/** A work's k6 scenarios: its main part under its own name, and its warm-up before, under `<name>_warmup`. */
export function loadScenarios(
  name: string,
  profile: Profile,
  work: Work,
  overrides: Overrides = {},
): Record<string, LoadScenario> {
  const shape = stretched(SHAPES[profile], overrides)
  const main = {
    ...executor(shape.parts, profile, work, overrides),
    startTime: ms(shape.warmupMs),
    exec: work.exec,
    gracefulStop: gracefulStop(work),
    tags: { ...work.tags, phase: 'main' },
  }
  if (shape.warmupMs === 0) return { [name]: main }
  const warmup = {
    ...executor([hold(shape.warmupMs, shape.parts[0]?.from ?? 1)], profile, work, overrides),
    exec: work.exec,
    gracefulStop: gracefulStop(work),
    tags: { ...work.tags, phase: 'warmup' },
  }
  return { [`${name}_warmup`]: warmup, [name]: main }
}

/** The highest planned rate, iterations per second; undefined in the closed model, which plans none. */
export function peakRate(profile: Profile, work: Work, overrides: Overrides = {}): number | undefined {
  if (isClosed(overrides)) return undefined
  return baseRate(profile, work, overrides) * highest(SHAPES[profile].parts)
}

/** The planned number of iterations; undefined in the closed model. */
export function plannedIterations(
  profile: Profile,
  work: Work,
  overrides: Overrides = {},
): number | undefined {
  if (isClosed(overrides)) return undefined
  const { parts } = stretched(SHAPES[profile], overrides)
  const area = parts.reduce((sum, { ms, from, to }) => sum + ((from + to) / 2) * (ms / SECOND), 0)
  return Math.floor(area * baseRate(profile, work, overrides))
}

/** How long warm-up and main part take together, ms. */
export function plannedMs(profile: Profile, overrides: Overrides = {}): number {
  const { warmupMs, parts } = stretched(SHAPES[profile], overrides)
  return warmupMs + length(parts)
}

function executor(parts: readonly Part[], profile: Profile, work: Work, overrides: Overrides) {
  return isClosed(overrides)
    ? closedExecutor(parts, overrides.vus)
    : openExecutor(parts, baseRate(profile, work, overrides), work, overrides.vus)
}

function closedExecutor(parts: readonly Part[], vus: number) {
  const [only, ...more] = parts
  if (only !== undefined && more.length === 0) {
    return { executor: 'constant-vus' as const, vus, duration: ms(only.ms) }
  }
  return {
    executor: 'ramping-vus' as const,
    startVUs: Math.ceil(vus * (only?.from ?? 1)),
    stages: parts.map((part) => ({ duration: ms(part.ms), target: Math.ceil(vus * part.to) })),
  }
}

/**
 * VUs for the expected time of an iteration, and for a second more of a pause on either side (a VU cannot be made
 * quickly); at most as many as a target needs that takes three seconds longer, up to 5,000 more. Its slowness is then measured, where
 * too few VUs would drop iterations and measure nothing.
 */
function openExecutor(parts: readonly Part[], rate: number, work: Work, limit: number | undefined) {
  const peak = rate * highest(parts)
  const expected = Math.ceil(peak * work.seconds * 1.5) + Math.min(500, Math.ceil(peak)) + 2
  const most = limit ?? expected + Math.min(5000, Math.ceil(3 * peak))
  const vus = { preAllocatedVUs: Math.min(expected, most), maxVUs: most }
  // k6 takes whole numbers only: slow rates are counted by the minute.
  const unit = parts.every(({ from, to }) => isWhole(rate * from) && isWhole(rate * to))
    ? { timeUnit: '1s', per: (level: number) => Math.round(rate * level) }
    : { timeUnit: '1m', per: (level: number) => Math.max(1, Math.round(rate * level * 60)) }
  const [only, ...more] = parts
  if (only !== undefined && more.length === 0 && only.from === only.to) {
    return {
      executor: 'constant-arrival-rate' as const,
      rate: unit.per(only.from),
      timeUnit: unit.timeUnit,
      duration: ms(only.ms),
      ...vus,
    }
  }
  return {
    executor: 'ramping-arrival-rate' as const,
    startRate: unit.per(only?.from ?? 1),
    timeUnit: unit.timeUnit,
    stages: parts.map((part) => ({ duration: ms(part.ms), target: unit.per(part.to) })),
    ...vus,
  }
}

/** With a rate and VUs both, the model stays open and the VUs are its limit. */
function isClosed(overrides: Overrides): overrides is Overrides & { vus: number } {
  return overrides.vus !== undefined && overrides.rate === undefined
}

function baseRate(profile: Profile, work: Work, overrides: Overrides): number {
  return overrides.rate ?? (profile === 'smoke' ? work.rate.smoke : work.rate.full)
}

/** The shape with the length that was asked for: every part keeps its share. */
function stretched(shape: Shape, { durationMs, warmupMs }: Overrides): Shape {
  const factor = durationMs === undefined ? 1 : durationMs / length(shape.parts)
  return {
    warmupMs: warmupMs ?? shape.warmupMs,
    parts: shape.parts.map((part) => ({ ...part, ms: Math.round(part.ms * factor) })),
  }
}

/** A request is cut off by its own timeout, and counted; gracefulStop would lose it. So it is longer than both. */
function gracefulStop({ seconds }: Work): string {
  return ms(Math.ceil(seconds * SECOND) + 30 * SECOND)
}

function highest(parts: readonly Part[]): number {
  return Math.max(...parts.map(({ from, to }) => Math.max(from, to)))
}

function length(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.ms, 0)
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-9
}

function ms(value: number): string {
  return `${Math.round(value)}ms`
}
