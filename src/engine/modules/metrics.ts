import type { MetricType } from '../metrics/metric.ts'
import type { Metric } from '../metrics/registry.ts'
import type { Vu } from '../vu/vu.ts'

const TYPES: Readonly<Record<string, MetricType>> = {
  Counter: 'counter',
  Gauge: 'gauge',
  Rate: 'rate',
  Trend: 'trend',
}

/** `k6/metrics`: each a class whose instances record into the one metric of that name. */
export function metricsMember(vu: Vu, name: string): unknown {
  const type = TYPES[name]
  return type === undefined ? undefined : metricClass(vu, type)
}

function metricClass(vu: Vu, type: MetricType) {
  return class {
    readonly name: string
    readonly #metric: Metric

    constructor(name: unknown, isTime: unknown = false) {
      if (!vu.initialising) throw new Error('metrics must be declared in the init context')
      this.name = String(name)
      this.#metric = vu.services.measurements.registry.metric({
        name: this.name,
        type,
        contains: isTime === true ? 'time' : 'default',
      })
    }

    add(value: unknown, extraTags?: unknown): boolean {
      if (vu.initialising) throw new Error('metrics cannot be added to in the init context')
      const number = value === true ? 1 : value === false ? 0 : Number(value)
      if (value === null || value === undefined || !Number.isFinite(number)) {
        const message = `${JSON.stringify(value) ?? String(value)} is an invalid value for metric '${this.name}', a number or a boolean value is expected`
        if (vu.services.options.throw) throw new TypeError(message)
        vu.warn(message)
        return false
      }
      let tags = vu.tags()
      if (typeof extraTags === 'object' && extraTags !== null) {
        for (const key in extraTags) {
          tags = tags.with(key, String((extraTags as Readonly<Record<string, unknown>>)[key]))
        }
      }
      vu.services.measurements.registry.series(this.#metric, tags).record(number)
      return true
    }
  }
}
