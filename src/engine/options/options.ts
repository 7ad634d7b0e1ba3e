import type { TrendStat } from '../metrics/values.ts'

/**
 * The options of a run, resolved: every default of k6 filled in, every shorthand turned into a scenario. Plain data:
 * it crosses to a worker thread by structured clone. All durations are in milliseconds.
 */
export interface Options {
  readonly scenarios: readonly Scenario[]
  readonly thresholds: readonly MetricThresholds[]
  /** Tags of every sample of the run. */
  readonly tags: Readonly<Record<string, string>>
  readonly systemTags: readonly SystemTag[]
  readonly summaryTrendStats: readonly TrendStat[]
  /** Unit of all times in the text summary; absent: the fitting one for each. */
  readonly summaryTimeUnit?: 's' | 'ms' | 'us'
  readonly setupTimeout: number
  readonly teardownTimeout: number
  readonly noSetup: boolean
  readonly noTeardown: boolean
  /** Thresholds are neither evaluated nor reported. */
  readonly noThresholds: boolean
  /** Neither the text summary nor `handleSummary`. */
  readonly noSummary: boolean
  readonly minIterationDuration: number
  readonly discardResponseBodies: boolean
  readonly insecureSkipTLSVerify: boolean
  readonly maxRedirects: number
  readonly noConnectionReuse: boolean
  readonly noVUConnectionReuse: boolean
  readonly noCookiesReset: boolean
  /** A failed request rejects, instead of resolving to a response with an `error_code`. */
  readonly throw: boolean
  readonly userAgent: string
  /** Host name, or host and port, to address, or address and port. */
  readonly hosts: Readonly<Record<string, string>>
}

/** The tags that k6 sets itself and that it indexes. */
export const SYSTEM_TAGS = [
  'proto',
  'subproto',
  'status',
  'method',
  'url',
  'name',
  'group',
  'check',
  'error',
  'error_code',
  'tls_version',
  'scenario',
  'service',
  'expected_response',
  'ip',
  'ocsp_status',
  'iter',
  'vu',
] as const
export type SystemTag = (typeof SYSTEM_TAGS)[number]

/** All thresholds of one metric or submetric. */
export interface MetricThresholds {
  /** As the script wrote it: `http_req_duration{auth_type:guest}`. */
  readonly metric: string
  readonly thresholds: readonly Threshold[]
}

export interface Threshold {
  /** As the script wrote it: `p(95)<500`. */
  readonly expression: string
  readonly abortOnFail: boolean
  /** Before this time since the start of the test (ms) a broken threshold does not abort. */
  readonly delayAbortEval: number
}

export const EXECUTOR_NAMES = [
  'shared-iterations',
  'per-vu-iterations',
  'constant-vus',
  'ramping-vus',
  'constant-arrival-rate',
  'ramping-arrival-rate',
] as const
export type ExecutorName = (typeof EXECUTOR_NAMES)[number]

/** What the scenarios of all executors have. */
export interface ScenarioBase {
  readonly name: string
  /** From the start of the test, after `setup`. */
  readonly startTime: number
  /** How long iterations may still run when the scenario is over. */
  readonly gracefulStop: number
  /** Name of the exported function. */
  readonly exec: string
  readonly env: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

export interface ConstantVus extends ScenarioBase {
  readonly executor: 'constant-vus'
  readonly vus: number
  readonly duration: number
}

export interface RampingVus extends ScenarioBase {
  readonly executor: 'ramping-vus'
  readonly startVUs: number
  readonly stages: readonly Stage[]
  /** How long the iteration of a VU that is taken away may still run. */
  readonly gracefulRampDown: number
}

export interface PerVuIterations extends ScenarioBase {
  readonly executor: 'per-vu-iterations'
  readonly vus: number
  /** Of each VU. */
  readonly iterations: number
  readonly maxDuration: number
}

export interface SharedIterations extends ScenarioBase {
  readonly executor: 'shared-iterations'
  readonly vus: number
  /** Of all VUs together. */
  readonly iterations: number
  readonly maxDuration: number
}

export interface ConstantArrivalRate extends ScenarioBase {
  readonly executor: 'constant-arrival-rate'
  /** Iterations per `timeUnit`. */
  readonly rate: number
  readonly timeUnit: number
  readonly duration: number
  readonly preAllocatedVUs: number
  readonly maxVUs: number
}

export interface RampingArrivalRate extends ScenarioBase {
  readonly executor: 'ramping-arrival-rate'
  /** Iterations per `timeUnit`. */
  readonly startRate: number
  readonly timeUnit: number
  readonly stages: readonly Stage[]
  readonly preAllocatedVUs: number
  readonly maxVUs: number
}

/** A linear ramp to `target` VUs, or iterations per time unit, that takes `duration` (ms); 0 is a jump. */
export interface Stage {
  readonly duration: number
  readonly target: number
}

export type Scenario =
  | ConstantVus
  | RampingVus
  | PerVuIterations
  | SharedIterations
  | ConstantArrivalRate
  | RampingArrivalRate

/** An executor that starts iterations by the clock, whether or not earlier ones have ended. */
export type OpenScenario = ConstantArrivalRate | RampingArrivalRate

export function isOpen(scenario: Scenario): scenario is OpenScenario {
  return scenario.executor === 'constant-arrival-rate' || scenario.executor === 'ramping-arrival-rate'
}
