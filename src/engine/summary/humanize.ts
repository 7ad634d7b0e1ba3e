import type { MetricContains, MetricType } from '../metrics/metric.ts'

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
const TIMES = { s: ['s', 0.001], ms: ['ms', 1], us: ['µs', 1000] } as const

/** A value of a metric as k6 prints it: a rate in percent, bytes and times in the fitting unit, the rest to six digits. */
export function humanize(
  value: number,
  metric: { readonly type: MetricType; readonly contains: MetricContains },
  timeUnit?: keyof typeof TIMES,
): string {
  // Cut, not rounded: 99.999 % is not 100 %.
  if (metric.type === 'rate') return `${cut(value * 100, 2).toFixed(2)}%`
  if (metric.contains === 'data') return bytes(value)
  if (metric.contains === 'time') return time(value, timeUnit)
  return String(Number(value.toFixed(6)))
}

function bytes(value: number): string {
  if (value < 10) return `${value} B`
  const power = Math.floor(Math.log(value) / Math.log(1000))
  const scaled = Math.round((value / 1000 ** power) * 10) / 10
  return `${scaled.toFixed(scaled < 10 ? 1 : 0)} ${BYTES[power] ?? ''}`
}

function time(milliseconds: number, unit: keyof typeof TIMES | undefined): string {
  if (unit !== undefined) return `${(milliseconds * TIMES[unit][1]).toFixed(2)}${TIMES[unit][0]}`
  if (milliseconds < 0) return `-${time(-milliseconds, unit)}`
  if (milliseconds === 0) return '0s'
  if (milliseconds < 0.001) return `${Math.trunc(milliseconds * 1e6)}ns`
  if (milliseconds < 1) return `${cut(milliseconds * 1000, 2)}µs`
  if (milliseconds < 1_000) return `${cut(milliseconds, 2)}ms`
  const seconds = `${cut((milliseconds % 60_000) / 1_000, milliseconds > 60_000 ? 0 : 2)}s`
  const minutes = Math.trunc(milliseconds / 60_000)
  if (minutes < 1) return seconds
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.trunc(minutes / 60)}h${minutes % 60}m${seconds}`
}

/** Digits past `digits` are dropped, but not one that only rounding of doubles took away. */
function cut(value: number, digits: number): number {
  const scale = 10 ** digits
  return Number((Math.trunc(value * scale + 1e-9) / scale).toFixed(digits))
}
