import { HarnessError } from '../../verdict/errors.ts'
import {
  BUILT_IN,
  checkMetricName,
  type MetricContains,
  type MetricDefinition,
  type MetricType,
} from './metric.ts'
import { parseSelector, type Selector } from './selector.ts'
import { mergeSink, newSink, type Sink, type SinkSnapshot } from './sink.ts'
import { TAG_LIMITS, TagInterner, type TagLimits, type TagSet } from './tag-set.ts'

/** Where samples of one metric with one tag set go. `record` allocates nothing. */
export interface Series {
  record(value: number): void
}

/** Told of every sample, in order, for an output. The observer stamps the time. */
export type SampleObserver = (metric: Metric, tags: TagSet, value: number) => void

/** A metric of a run. Compared by identity: one name is one object in a registry. */
export class Metric implements MetricDefinition {
  readonly name: string
  readonly type: MetricType
  readonly contains: MetricContains
  readonly selectors: readonly Selector[]
  /** Samples that the same selectors match share a sink: there are as many sinks as ways to match, not as tag sets. */
  readonly sinks = new Map<string, Sink>()
  readonly series = new Map<TagSet, Series>()
  /** Keys of the tags that its samples carried. */
  readonly tagKeys = new Set<string>()

  constructor({ name, type, contains }: MetricDefinition, selectors: readonly Selector[]) {
    this.name = name
    this.type = type
    this.contains = contains
    this.selectors = selectors
  }
}

/** Structured-clonable. */
export interface RegistrySnapshot {
  readonly metrics: readonly (MetricDefinition & {
    readonly tagKeys: readonly string[]
    readonly sinks: readonly (readonly [matches: string, sink: SinkSnapshot])[]
  })[]
}

export interface RegistryOptions {
  /** Metrics with tag selectors that are asked for later, such as those of the thresholds; others are ignored. */
  readonly selectors?: readonly string[]
  readonly observe?: SampleObserver
  readonly warn?: (message: string) => void
  readonly tagLimits?: TagLimits
}

/** k6 always has it: durations of requests that were answered as expected, so refused connections do not flatter. */
const ALWAYS = ['http_req_duration{expected_response:true}']

/**
 * The metrics of a run, or of one worker's share of it. Totals and submetrics are put together when they are asked
 * for; a sample costs one record.
 */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>()
  readonly #selectors: readonly Selector[]
  readonly #interner: TagInterner
  readonly #observe: SampleObserver | undefined

  constructor({ selectors = [], observe, warn = () => {}, tagLimits = TAG_LIMITS }: RegistryOptions = {}) {
    this.#interner = new TagInterner(tagLimits, warn)
    this.#observe = observe
    this.#selectors = [...new Set([...ALWAYS, ...selectors])]
      .map(parseSelector)
      .filter((selector) => typeof selector !== 'string')
      .filter(({ tags }) => tags.size > 0)
    for (const { tags } of this.#selectors)
      for (const [key, value] of tags) this.#interner.reserve(key, value)
    for (const definition of Object.values(BUILT_IN)) this.#add(definition)
  }

  /** No tags; every tag set begins here. */
  get noTags(): TagSet {
    return this.#interner.root
  }

  tagSet(tags: Readonly<Record<string, string>>): TagSet {
    return this.noTags.withAll(tags)
  }

  /**
   * The metric of that name, made if there is none yet.
   * @throws {HarnessError} CONFIG METRIC_NAME, or METRIC_CONFLICT when it exists with another type
   */
  metric(definition: MetricDefinition): Metric {
    const known = this.#metrics.get(definition.name)
    if (known === undefined) {
      checkMetricName(definition.name)
      return this.#add(definition)
    }
    for (const key of ['type', 'contains'] as const) {
      if (known[key] !== definition[key]) {
        throw new HarnessError(
          'CONFIG',
          'METRIC_CONFLICT',
          `The metric ${known.name} exists with the ${key} ${known[key]}, so it cannot be made with the ${key} ${definition[key]}`,
          { remedy: 'Give one of the two metrics another name.' },
        )
      }
    }
    return known
  }

  get(name: string): Metric | undefined {
    return this.#metrics.get(name)
  }

  /** In the order in which they were made, the built-in ones first. */
  metrics(): Metric[] {
    return [...this.#metrics.values()]
  }

  /** The metric of a definition that is known to be right, such as one of {@link BUILT_IN}. */
  series(definition: MetricDefinition, tags: TagSet): Series {
    const metric = definition instanceof Metric ? definition : this.metric(definition)
    return metric.series.get(tags) ?? this.#addSeries(metric, tags)
  }

  /**
   * Everything that the metric took in; or, with a selector that was given to the constructor, that part of it.
   * To be read now, and not recorded into: where one sink holds it all, it is that sink.
   */
  total(metric: Metric, selector?: Selector): Sink {
    const index = selector === undefined ? -1 : indexOf(metric.selectors, selector)
    const matching = [...metric.sinks].filter(([matches]) => index === -1 || matches[index] === '1')
    const [first, ...others] = matching.map(([, sink]) => sink)
    if (first !== undefined && others.length === 0) return first
    const sum = newSink(metric.type)
    for (const [, sink] of matching) mergeSink(sum, sink)
    return sum
  }

  snapshot(): RegistrySnapshot {
    return {
      metrics: this.metrics()
        .filter(({ name, sinks }) => sinks.size > 0 || !builtInNames.has(name))
        .map(({ name, type, contains, tagKeys, sinks }) => ({
          name,
          type,
          contains,
          tagKeys: [...tagKeys],
          sinks: [...sinks].map(([matches, sink]) => [matches, sink.snapshot()] as const),
        })),
    }
  }

  /** Adds the samples of another registry that was made with the same selectors. */
  merge(snapshot: RegistrySnapshot): void {
    for (const { tagKeys, sinks, ...definition } of snapshot.metrics) {
      const metric = this.metric(definition)
      for (const key of tagKeys) metric.tagKeys.add(key)
      for (const [matches, sink] of sinks) mergeSink(this.#sink(metric, matches), sink)
    }
  }

  #add(definition: MetricDefinition): Metric {
    const metric = new Metric(
      definition,
      this.#selectors.filter((selector) => selector.metric === definition.name),
    )
    this.#metrics.set(metric.name, metric)
    return metric
  }

  #addSeries(metric: Metric, tags: TagSet): Series {
    for (const key of tags.tags.keys()) metric.tagKeys.add(key)
    const matches = metric.selectors
      .map((selector) => ([...selector.tags].every(([key, value]) => tags.get(key) === value) ? '1' : '0'))
      .join('')
    const sink = this.#sink(metric, matches)
    const observe = this.#observe
    const series: Series =
      observe === undefined
        ? sink
        : {
            record(value) {
              sink.record(value)
              observe(metric, tags, value)
            },
          }
    metric.series.set(tags, series)
    return series
  }

  #sink(metric: Metric, matches: string): Sink {
    const known = metric.sinks.get(matches)
    if (known !== undefined) return known
    const sink = newSink(metric.type)
    metric.sinks.set(matches, sink)
    return sink
  }
}

const builtInNames = new Set<string>(Object.values(BUILT_IN).map(({ name }) => name))

/** Did the engine itself define it, so that it records whatever there is to record? */
export function isBuiltIn(metric: MetricDefinition): boolean {
  return builtInNames.has(metric.name)
}

function indexOf(selectors: readonly Selector[], { source }: Selector): number {
  const index = selectors.findIndex((selector) => selector.source === source)
  if (index === -1) throw new RangeError(`the registry was not told of the selector ${source}`)
  return index
}
