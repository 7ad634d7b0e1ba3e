import { Histogram, type HistogramSnapshot } from './histogram.ts'
import type { MetricType } from './metric.ts'

/** Takes the samples of a metric in, keeps what its type needs, and nothing that grows with their number. */
export type Sink = CounterSink | GaugeSink | RateSink | TrendSink

/** Structured-clonable. */
export type SinkSnapshot =
  | { readonly type: 'counter'; readonly samples: number; readonly count: number }
  | {
      readonly type: 'gauge'
      readonly samples: number
      readonly value: number
      readonly min: number
      readonly max: number
    }
  | { readonly type: 'rate'; readonly samples: number; readonly trues: number }
  | { readonly type: 'trend'; readonly histogram: HistogramSnapshot }

export class CounterSink {
  readonly type = 'counter'
  samples = 0
  count = 0

  record(value: number): void {
    this.samples++
    this.count += value
  }

  snapshot(): SinkSnapshot {
    return { type: 'counter', samples: this.samples, count: this.count }
  }
}

class GaugeSink {
  readonly type = 'gauge'
  samples = 0
  value = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY

  record(value: number): void {
    this.samples++
    this.value = value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
  }

  snapshot(): SinkSnapshot {
    return { type: 'gauge', samples: this.samples, value: this.value, min: this.min, max: this.max }
  }
}

class RateSink {
  readonly type = 'rate'
  samples = 0
  trues = 0

  /** Everything but 0 is true. */
  record(value: number): void {
    this.samples++
    if (value !== 0) this.trues++
  }

  snapshot(): SinkSnapshot {
    return { type: 'rate', samples: this.samples, trues: this.trues }
  }
}

export class TrendSink {
  readonly type = 'trend'
  readonly histogram = new Histogram()

  get samples(): number {
    return this.histogram.count
  }

  record(value: number): void {
    this.histogram.record(value)
  }

  snapshot(): SinkSnapshot {
    return { type: 'trend', histogram: this.histogram.snapshot() }
  }
}

export function newSink(type: MetricType): Sink {
  switch (type) {
    case 'counter':
      return new CounterSink()
    case 'gauge':
      return new GaugeSink()
    case 'rate':
      return new RateSink()
    case 'trend':
      return new TrendSink()
  }
}

/**
 * Adds what another sink of the same type took in. Exact, and in any order, but for a gauge: its last value is that
 * of the sink merged last.
 */
export function mergeSink(into: Sink, from: Sink | SinkSnapshot): void {
  if (into.type === 'counter' && from.type === 'counter') {
    into.samples += from.samples
    into.count += from.count
  } else if (into.type === 'rate' && from.type === 'rate') {
    into.samples += from.samples
    into.trues += from.trues
  } else if (into.type === 'trend' && from.type === 'trend') {
    into.histogram.merge(from.histogram)
  } else if (into.type === 'gauge' && from.type === 'gauge') {
    if (from.samples === 0) return
    into.samples += from.samples
    into.value = from.value
    into.min = Math.min(into.min, from.min)
    into.max = Math.max(into.max, from.max)
  } else {
    throw new TypeError(`a ${from.type} does not merge into a ${into.type}`)
  }
}
