import { redactText } from '../../verdict/redact.ts'
import type { Metric, SampleObserver } from '../metrics/registry.ts'
import type { TagSet } from '../metrics/tag-set.ts'
import type { MetricThresholds } from '../options/options.ts'

/** Lines of k6's NDJSON, encoded. Structured-clonable: a worker posts it to the thread that writes. */
export interface NdjsonChunk {
  /** The lines that introduce metrics, by metric; each is to be written once a file, before the points. */
  readonly metrics: readonly (readonly [name: string, line: string])[]
  /** Whole lines, each with its end. */
  readonly points: string
  readonly count: number
}

/** Characters after which a chunk is handed on. */
const CHUNK = 64 * 1024

/**
 * Encodes samples as k6's `--out json` does: a `Metric` line before the first point of a metric, and a `Point` line
 * a sample, with the time at which it was recorded. Tags are redacted, once a tag set.
 */
export class NdjsonEncoder {
  readonly #emit: (chunk: NdjsonChunk) => void
  readonly #now: () => number
  readonly #thresholds: readonly MetricThresholds[]
  readonly #seen = new Set<Metric>()
  readonly #tags = new WeakMap<TagSet, string>()
  #metrics: [string, string][] = []
  #points = ''
  #count = 0

  /**
   * @param emit is given each full chunk
   * @param now the time of day, ms since 1970
   */
  constructor(
    emit: (chunk: NdjsonChunk) => void,
    now: () => number,
    thresholds: readonly MetricThresholds[] = [],
  ) {
    this.#emit = emit
    this.#now = now
    this.#thresholds = thresholds
  }

  /** For {@link RegistryOptions.observe}. */
  readonly observe: SampleObserver = (metric, tags, value) => {
    if (!this.#seen.has(metric)) {
      this.#seen.add(metric)
      this.#metrics.push([metric.name, `${JSON.stringify(this.#envelope(metric))}\n`])
    }
    const time = new Date(this.#now()).toISOString()
    this.#points += `{"metric":"${metric.name}","type":"Point","data":{"time":"${time}","value":${value},"tags":${this.#tagsOf(tags)}}}\n`
    this.#count++
    if (this.#points.length >= CHUNK) this.flush()
  }

  /** Hands on what there is. */
  flush(): void {
    if (this.#count === 0) return
    this.#emit({ metrics: this.#metrics, points: this.#points, count: this.#count })
    this.#metrics = []
    this.#points = ''
    this.#count = 0
  }

  #envelope({ name, type, contains, selectors }: Metric) {
    const thresholds = this.#thresholds.find(({ metric }) => metric === name)?.thresholds ?? []
    const submetrics = selectors.map(({ source, tags }) => ({
      name: source,
      suffix: source.slice(source.indexOf('{') + 1, -1),
      tags: Object.fromEntries(tags),
    }))
    return {
      type: 'Metric',
      data: {
        name,
        type,
        contains,
        thresholds: thresholds.map(({ expression }) => expression),
        submetrics: submetrics.length > 0 ? submetrics : null,
      },
      metric: name,
    }
  }

  #tagsOf(tags: TagSet): string {
    const known = this.#tags.get(tags)
    if (known !== undefined) return known
    const text = redactText(JSON.stringify(tags))
    this.#tags.set(tags, text)
    return text
  }
}
