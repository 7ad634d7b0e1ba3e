import { type Exchange, recordExchange } from '../../verdict/evidence.ts'
import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import type { Series } from '../metrics/registry.ts'
import type { RequestGroup } from '../metrics/request-groups.ts'
import type { TagSet } from '../metrics/tag-set.ts'
import type { SystemTag } from '../options/options.ts'
import type { RequestError } from './errors.ts'
import type { Timings } from './exchange.ts'

/** What of one hop becomes tags. */
export interface Hop {
  /** Tags of the VU and of the request. */
  readonly tags: TagSet
  readonly method: string
  /** Of the `name` and `url` tags, where the script gave no `name`. */
  readonly name: string
  /** 0 when there was an error. */
  readonly status: number
  readonly statusMessage: string
  readonly proto: string
  readonly error: RequestError | undefined
  /** `undefined` where the script turned the response callback off. */
  readonly expected: boolean | undefined
  readonly tlsVersion: string
}

/** A hop's tags without its outcome, its outcome, and the series that they led to. */
interface Found extends Pick<Hop, 'tags' | 'method' | 'name'> {
  readonly outcome: number | string
  readonly series: HopSeries
}

interface HopSeries {
  readonly reqs: Series
  readonly duration: Series
  readonly blocked: Series
  readonly connecting: Series
  readonly tlsHandshaking: Series
  readonly sending: Series
  readonly waiting: Series
  readonly receiving: Series
  readonly failed: Series | undefined
  readonly group: RequestGroup
}

/** Records k6's samples of each request, with k6's tags. */
export class HttpRecorder {
  readonly #measurements: Measurements
  readonly #enabled: ReadonlySet<SystemTag>
  readonly #byTags = new Map<TagSet, Map<number | string, HopSeries>>()
  #last: Found | undefined
  #startedAt: number | undefined

  constructor(measurements: Measurements, systemTags: readonly SystemTag[]) {
    this.#measurements = measurements
    this.#enabled = new Set(systemTags)
  }

  /** Requests that end from here on are of the scenarios. @param startedAt of the run, on the engine's clock */
  begin(startedAt: number): void {
    this.#startedAt = startedAt
  }

  /** Requests that end from here on are no more of the scenarios. */
  end(): void {
    this.#startedAt = undefined
  }

  /** ms from the start of the run; `undefined` before and after it. */
  sinceStart(time: number): number | undefined {
    return this.#startedAt === undefined ? undefined : time - this.#startedAt
  }

  /** @param endedAt on the engine's clock */
  record(hop: Hop, timings: Timings, endedAt: number): void {
    const { expected } = hop
    const series = this.#seriesOf(hop)
    series.reqs.record(1)
    series.duration.record(timings.duration)
    series.blocked.record(timings.blocked)
    series.connecting.record(timings.connecting)
    series.tlsHandshaking.record(timings.tls_handshaking)
    series.sending.record(timings.sending)
    series.waiting.record(timings.waiting)
    series.receiving.record(timings.receiving)
    series.failed?.record(expected === false ? 1 : 0)
    const t = this.sinceStart(endedAt)
    if (t !== undefined) this.#measurements.request(series.group, t, timings.duration, expected === false)
    const failure = failureOf(hop)
    if (failure !== undefined) this.#measurements.error(failure.code, failure.message, t)
  }

  /**
   * Keeps an exchange as an example of a failure, where one more of its kind is wanted.
   * @param make called only then
   */
  sample(of: 'check' | 'request', name: string, endedAt: number, vu: number, make: () => Exchange): void {
    const { samples } = this.#measurements
    const atMs = this.sinceStart(endedAt)
    if (atMs === undefined || !samples.wants(of, name)) return
    samples.add({ of, name, exchange: recordExchange({ ...make(), load: { atMs, vu } }) })
  }

  #seriesOf(hop: Hop): HopSeries {
    const { tags, method, name } = hop
    const outcome = outcomeOf(hop)
    // Most requests are like the one before.
    const last = this.#last
    if (last?.outcome === outcome && last.tags === tags && last.method === method && last.name === name)
      return last.series
    const named = this.#named(hop)
    let byOutcome = this.#byTags.get(named)
    if (byOutcome === undefined) {
      byOutcome = new Map()
      this.#byTags.set(named, byOutcome)
    }
    let series = byOutcome.get(outcome)
    if (series === undefined) {
      series = this.#make(this.#tagsOf(hop, named), hop.expected !== undefined)
      byOutcome.set(outcome, series)
    }
    this.#last = { tags, method, name, outcome, series }
    return series
  }

  /** A `name` that the script set stands in the `url` tag too, so that ids in URLs do not multiply the series. */
  #named({ tags, method, name }: Hop): TagSet {
    const own = tags.get('name')
    let named = tags
    if (own === undefined && this.#enabled.has('name')) named = named.with('name', name)
    if (this.#enabled.has('url')) named = named.with('url', own ?? name)
    return this.#enabled.has('method') ? named.with('method', method) : named
  }

  #tagsOf({ status, proto, error, expected, tlsVersion }: Hop, named: TagSet): TagSet {
    const add = (tags: TagSet, key: SystemTag, value: string | undefined): TagSet =>
      value === undefined || value === '' || !this.#enabled.has(key) ? tags : tags.with(key, value)
    const errorCode = error?.code ?? (status >= 400 ? 1000 + status : undefined)
    let tags = add(named, 'status', String(error === undefined ? status : 0))
    tags = add(tags, 'error', error?.message)
    tags = add(tags, 'error_code', errorCode?.toString())
    tags = add(tags, 'proto', error === undefined ? proto : undefined)
    tags = add(tags, 'tls_version', error === undefined ? tlsVersion : undefined)
    return add(tags, 'expected_response', expected?.toString())
  }

  /** @param judged whether a response callback says what is a failure */
  #make(tags: TagSet, judged: boolean): HopSeries {
    const { registry, requests } = this.#measurements
    return {
      group: requests.of(tags),
      reqs: registry.series(BUILT_IN.httpReqs, tags),
      duration: registry.series(BUILT_IN.httpReqDuration, tags),
      blocked: registry.series(BUILT_IN.httpReqBlocked, tags),
      connecting: registry.series(BUILT_IN.httpReqConnecting, tags),
      tlsHandshaking: registry.series(BUILT_IN.httpReqTlsHandshaking, tags),
      sending: registry.series(BUILT_IN.httpReqSending, tags),
      waiting: registry.series(BUILT_IN.httpReqWaiting, tags),
      receiving: registry.series(BUILT_IN.httpReqReceiving, tags),
      failed: judged ? registry.series(BUILT_IN.httpReqFailed, tags) : undefined,
    }
  }
}

/** What went wrong, where something did: k6's error code, or 1000 and the status of an answer that was not expected. */
export function failureOf({
  error,
  status,
  statusMessage,
  expected,
}: Pick<Hop, 'error' | 'status' | 'statusMessage' | 'expected'>):
  | { readonly code: number; readonly message: string }
  | undefined {
  if (error !== undefined) return error
  return status >= 400 && expected !== true
    ? { code: 1000 + status, message: `${status} ${statusMessage}` }
    : undefined
}

/** A number where it can be: it is made for every request. */
function outcomeOf({ status, proto, error, expected, tlsVersion }: Hop): number | string {
  const expectation = expected === undefined ? 2 : expected ? 1 : 0
  return error === undefined && tlsVersion === '' && proto === 'HTTP/1.1'
    ? status * 4 + expectation
    : `${status} ${proto} ${expectation} ${tlsVersion} ${error?.code} ${error?.message}`
}
