import { HarnessError } from '../../verdict/errors.ts'

export const METRIC_TYPES = ['counter', 'gauge', 'rate', 'trend'] as const
export type MetricType = (typeof METRIC_TYPES)[number]

/** What the values are: times are in ms, data in bytes. */
export type MetricContains = 'default' | 'time' | 'data'

export interface MetricDefinition {
  readonly name: string
  readonly type: MetricType
  readonly contains: MetricContains
}

/**
 * Metrics that the engine itself records, with k6's names, types and units; and two that k6 does not have: how late
 * an iteration of an open executor started, and its latency from its planned start.
 */
export const BUILT_IN = {
  vus: define('vus', 'gauge'),
  vusMax: define('vus_max', 'gauge'),
  iterations: define('iterations', 'counter'),
  iterationDuration: define('iteration_duration', 'trend', 'time'),
  droppedIterations: define('dropped_iterations', 'counter'),
  checks: define('checks', 'rate'),
  groupDuration: define('group_duration', 'trend', 'time'),
  httpReqs: define('http_reqs', 'counter'),
  httpReqFailed: define('http_req_failed', 'rate'),
  httpReqDuration: define('http_req_duration', 'trend', 'time'),
  httpReqBlocked: define('http_req_blocked', 'trend', 'time'),
  httpReqConnecting: define('http_req_connecting', 'trend', 'time'),
  httpReqTlsHandshaking: define('http_req_tls_handshaking', 'trend', 'time'),
  httpReqSending: define('http_req_sending', 'trend', 'time'),
  httpReqWaiting: define('http_req_waiting', 'trend', 'time'),
  httpReqReceiving: define('http_req_receiving', 'trend', 'time'),
  dataSent: define('data_sent', 'counter', 'data'),
  dataReceived: define('data_received', 'counter', 'data'),
  /** Actual start minus planned start. */
  delayFromPlan: define('delay_from_plan', 'trend', 'time'),
  /** End minus planned start: `delay_from_plan` plus `iteration_duration`, on every iteration. */
  latencyFromPlan: define('latency_from_plan', 'trend', 'time'),
} as const satisfies Record<string, MetricDefinition>

function define(name: string, type: MetricType, contains: MetricContains = 'default'): MetricDefinition {
  return { name, type, contains }
}

/** k6: a letter or an underscore, then 1 to 128 letters, digits or underscores. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{1,128}$/

/** @throws {HarnessError} CONFIG METRIC_NAME when k6 would refuse the name */
export function checkMetricName(name: string): void {
  if (NAME.test(name)) return
  throw new HarnessError(
    'CONFIG',
    'METRIC_NAME',
    `The metric name ${JSON.stringify(name)} is not valid: 2 to 129 characters, ASCII letters, digits and underscores, not beginning with a digit`,
    { remedy: 'Rename the metric in the script.' },
  )
}
