import { STATUS_CODES } from 'node:http'
import { redactText } from '../../verdict/redact.ts'
import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN, METRIC_TYPES, type MetricContains, type MetricType } from '../metrics/metric.ts'

/**
 * Reads the NDJSON of k6 back into measurements, line by line.
 *
 * The run begins with the first time that a scenario measured, less that time: k6 does not write a start down, and
 * a sample carries the time of its end.
 */
export class PointReader {
  readonly #measurements: Measurements
  readonly #open: ReadonlySet<string>
  #start: number | undefined
  #last = 0
  #unreadable = 0

  /** @param open names of the scenarios whose executor plans its iterations */
  constructor(measurements: Measurements, open: ReadonlySet<string> = new Set()) {
    this.#measurements = measurements
    this.#open = open
  }

  /** ms since 1970; `undefined` while no scenario has a sample. */
  get startedAt(): number | undefined {
    return this.#start
  }

  /** From the first to the last sample of a scenario, ms. */
  get durationMs(): number {
    return this.#start === undefined ? 0 : this.#last - this.#start
  }

  /** Lines that were no line of k6's. */
  get unreadable(): number {
    return this.#unreadable
  }

  read(line: string): void {
    if (line.trim() === '') return
    const parsed = parse(line)
    if (parsed === undefined) this.#unreadable++
    else if (parsed.type === 'Metric') this.#metric(parsed.data)
    else this.#point(parsed.metric, parsed.data)
  }

  #metric({ name, type, contains }: MetricLine['data']): void {
    this.#measurements.registry.metric({ name, type, contains })
  }

  #point(name: string, { value, tags, time }: PointLine['data']): void {
    const { registry } = this.#measurements
    const metric = registry.get(name)
    if (metric === undefined) {
      this.#unreadable++
      return
    }
    const tagSet = registry.tagSet(tags)
    registry.series(metric, tagSet).record(value)
    const at = Date.parse(time)
    if (tags.scenario !== undefined) {
      if (metric.contains === 'time') this.#start ??= at - value
      this.#last = Math.max(this.#last, at)
    }
    const t = this.#start === undefined ? 0 : Math.max(0, at - this.#start)
    if (name === BUILT_IN.httpReqDuration.name && tags.scenario !== undefined) {
      const { requests } = this.#measurements
      this.#measurements.request(requests.of(tagSet), t, value, tags.expected_response === 'false')
    }
    this.#count(name, value, tags, t)
  }

  #count(name: string, value: number, tags: Readonly<Record<string, string>>, t: number): void {
    const { checks, intervals, iterations } = this.#measurements
    switch (name) {
      case BUILT_IN.checks.name: {
        const check = checks.check(tags.group ?? '', tags.check ?? '')
        if (value === 0) check.fails++
        else check.passes++
        break
      }
      case BUILT_IN.httpReqs.name:
        // An answer that the script expected is no error, whatever its status.
        if (tags.error_code !== undefined && tags.expected_response !== 'true') {
          const message =
            tags.error ??
            (STATUS_CODES[Number(tags.status)] && `${tags.status} ${STATUS_CODES[Number(tags.status)]}`)
          this.#measurements.error(Number(tags.error_code), redactText(message ?? `status ${tags.status}`), t)
        }
        break
      case BUILT_IN.iterations.name:
        iterations.completed += value
        intervals.count('completed', t, value)
        if (this.#open.has(tags.scenario ?? '')) {
          iterations.completedOfPlan += value
          intervals.count('completedOfPlan', t, value)
        }
        break
      case BUILT_IN.iterationDuration.name:
        intervals.count('started', Math.max(0, t - value))
        break
      case BUILT_IN.droppedIterations.name:
        intervals.count('dropped', t, value)
        break
      case BUILT_IN.vus.name:
        intervals.vus(t, value)
        break
    }
  }
}

interface MetricLine {
  readonly type: 'Metric'
  readonly data: { readonly name: string; readonly type: MetricType; readonly contains: MetricContains }
}

interface PointLine {
  readonly type: 'Point'
  readonly metric: string
  readonly data: {
    readonly time: string
    readonly value: number
    readonly tags: Readonly<Record<string, string>>
  }
}

/** One of k6's two kinds of line; `undefined` for anything else, such as a line that was cut off. */
function parse(line: string): MetricLine | PointLine | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!isObject(value) || !isObject(value.data)) return undefined
  const { type, metric, data } = value
  if (type === 'Metric') {
    const metricType = METRIC_TYPES.find((known) => known === data.type)
    const contains = (['default', 'time', 'data'] as const).find((known) => known === data.contains)
    if (typeof data.name !== 'string' || metricType === undefined || contains === undefined) return undefined
    return { type, data: { name: data.name, type: metricType, contains } }
  }
  if (type !== 'Point' || typeof metric !== 'string') return undefined
  const { time, value: sample, tags } = data
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time)) || typeof sample !== 'number')
    return undefined
  const known = isObject(tags) ? Object.entries(tags).map(([key, tag]) => [key, String(tag)]) : []
  return { type, metric, data: { time, value: sample, tags: Object.fromEntries(known) } }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
