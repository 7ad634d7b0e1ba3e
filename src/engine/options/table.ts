import { isIP } from 'node:net'
import { packageVersion } from '../../verdict/package-root.ts'
import { percentileOf, type TrendStat } from '../metrics/values.ts'
import { SYSTEM_TAGS, type SystemTag } from './options.ts'
import { boolean, duration, integer, listOf, oneOf, type Reader, strings, text } from './reader.ts'

/**
 * Every option of k6, by name, and what becomes of it here. What is not in this table is refused as unknown: k6
 * only warns, and a misspelt threshold is then never evaluated.
 */
export const K6_OPTIONS: Readonly<Record<string, OptionRule>> = {
  vus: { is: 'supported' },
  duration: { is: 'supported' },
  iterations: { is: 'supported' },
  stages: { is: 'supported' },
  scenarios: { is: 'supported' },
  thresholds: { is: 'supported' },
  tags: { is: 'supported' },
  systemTags: { is: 'supported' },
  summaryTrendStats: { is: 'supported' },
  summaryTimeUnit: { is: 'supported' },
  setupTimeout: { is: 'supported' },
  teardownTimeout: { is: 'supported' },
  noSetup: { is: 'supported' },
  noTeardown: { is: 'supported' },
  noThresholds: { is: 'supported' },
  noSummary: { is: 'supported' },
  minIterationDuration: { is: 'supported' },
  discardResponseBodies: { is: 'supported' },
  insecureSkipTLSVerify: { is: 'supported' },
  maxRedirects: { is: 'supported' },
  noConnectionReuse: { is: 'supported' },
  noVUConnectionReuse: { is: 'supported' },
  noCookiesReset: { is: 'supported' },
  throw: { is: 'supported' },
  userAgent: { is: 'supported' },
  hosts: { is: 'supported' },

  blacklistIPs: {
    is: 'refused',
    why: 'list the allowed hosts instead: target.loadAllowedHosts in the configuration',
  },
  blockHostnames: {
    is: 'refused',
    why: 'list the allowed hosts instead: target.loadAllowedHosts in the configuration',
  },
  dns: {
    is: 'refused',
    why: 'names are resolved by the system; give addresses in options.hosts, or use --engine k6',
  },
  executionSegment: { is: 'refused', why: 'use --workers, or --distributed for more than one machine' },
  executionSegmentSequence: {
    is: 'refused',
    why: 'use --workers, or --distributed for more than one machine',
  },
  httpDebug: { is: 'refused', why: 'it would print passwords and tokens; use --engine k6' },
  localIPs: { is: 'refused', why: 'use --engine k6' },
  paused: { is: 'refused', why: 'a run begins at once' },
  rps: { is: 'refused', why: 'it makes VUs wait unseen; use an arrival-rate executor' },
  tlsAuth: { is: 'refused', why: 'client certificates need --engine k6' },
  tlsAIAFetch: { is: 'refused', why: 'use --engine k6' },
  tlsCipherSuites: { is: 'refused', why: 'use --engine k6' },
  tlsVersion: { is: 'refused', why: 'use --engine k6' },

  batch: { is: 'ignored', why: 'http.batch blocks, and is refused' },
  batchPerHost: { is: 'ignored', why: 'http.batch blocks, and is refused' },
  cloud: { is: 'ignored', why: 'of Grafana Cloud k6' },
  ext: { is: 'ignored', why: 'of outputs that this engine does not have' },
  handleSummaryTimeout: { is: 'ignored', why: 'handleSummary may take its time' },
  linger: { is: 'ignored', why: 'there is no REST API to ask when a run is over' },
  metricSamplesBufferSize: { is: 'ignored', why: 'samples are not queued' },
  noUsageReport: { is: 'ignored', why: 'nothing is reported to anyone' },
  vusMax: { is: 'ignored', why: 'k6 ignores it too, since 0.27' },
}

export type OptionRule =
  | { readonly is: 'supported' }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'ignored'; readonly why: string }

const DEFAULT_SYSTEM_TAGS: readonly SystemTag[] = SYSTEM_TAGS.filter(
  (tag) => tag !== 'ip' && tag !== 'ocsp_status' && tag !== 'iter' && tag !== 'vu',
)

const trendStat: Reader<TrendStat> = (value, path, problems) => {
  const named = (['avg', 'min', 'med', 'max', 'count'] as const).find((name) => name === value)
  if (named !== undefined) return named
  const percentile = typeof value === 'string' ? percentileOf(value) : undefined
  return percentile === undefined
    ? problems.add(path, 'must be one of avg, min, med, max, count, p(N) with N from 0 to 100', value)
    : (value as TrendStat)
}

const systemTag: Reader<SystemTag> = (value, path, problems) =>
  value === 'vu' || value === 'iter'
    ? problems.add(path, `must not be ${value}: it has no end of values; tag what you need in the script`)
    : oneOf(SYSTEM_TAGS)(value, path, problems)

const hosts: Reader<Record<string, string>> = (value, path, problems) => {
  const found = strings(value, path, problems)
  for (const [host, address] of Object.entries(found ?? {})) {
    const withoutPort = address.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([^:]+):\d+$/, '$1')
    if (isIP(withoutPort) === 0) {
      problems.add(`${path}[${JSON.stringify(host)}]`, 'must be an address, or address:port', address)
    }
  }
  return found
}

/** Options that stand by themselves: how they are read, and k6's default. */
export const PLAIN_OPTIONS = {
  tags: plain(strings, {}),
  systemTags: plain(listOf(systemTag), [...DEFAULT_SYSTEM_TAGS]),
  summaryTrendStats: plain<TrendStat[]>(listOf(trendStat), ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']),
  setupTimeout: plain(duration(), 60_000),
  teardownTimeout: plain(duration(), 60_000),
  noSetup: plain(boolean, false),
  noTeardown: plain(boolean, false),
  noThresholds: plain(boolean, false),
  noSummary: plain(boolean, false),
  minIterationDuration: plain(duration(), 0),
  discardResponseBodies: plain(boolean, false),
  insecureSkipTLSVerify: plain(boolean, false),
  maxRedirects: plain(integer(0), 10),
  noConnectionReuse: plain(boolean, false),
  noVUConnectionReuse: plain(boolean, false),
  noCookiesReset: plain(boolean, false),
  throw: plain(boolean, false),
  userAgent: plain(text, `auth-harness/${packageVersion}`),
  hosts: plain(hosts, {}),
}

function plain<T>(read: Reader<T>, preset: T): { readonly read: Reader<T>; readonly preset: T } {
  return { read, preset }
}
