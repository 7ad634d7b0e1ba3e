/** Units of Go's durations, in ms; and days, which k6 adds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)/y

/**
 * k6's durations: `1m30s`, `1.5h`, `500ms`, `1d2h`; a number, or digits alone, are milliseconds.
 * @returns milliseconds, or `undefined` when it is not a duration. May be negative: what takes a duration says
 *   whether that makes sense.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const sign = value.startsWith('-') ? -1 : 1
  const text = value.replace(/^[+-]/, '')
  if (/^(\d+(\.\d*)?|\.\d+)$/.test(text)) return sign * Number(text)
  let milliseconds = 0
  PART.lastIndex = 0
  do {
    const [, digits, unit = ''] = PART.exec(text) ?? []
    if (digits === undefined) return undefined
    milliseconds += Number(digits) * (UNITS[unit] as number)
  } while (PART.lastIndex < text.length)
  return sign * milliseconds
}

/** As Go writes it: `1m30s`, `1.5s`, `500ms`, `0s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`
  if (milliseconds === 0) return '0s'
  if (milliseconds < 1e-3) return `${round(milliseconds * 1e6)}ns`
  if (milliseconds < 1) return `${round(milliseconds * 1e3)}µs`
  if (milliseconds < 1_000) return `${round(milliseconds)}ms`
  const hours = Math.floor(milliseconds / 3_600_000)
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000)
  const seconds = `${round((milliseconds % 60_000) / 1_000)}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}

/** Nine digits behind the point, and no zeros at the end. */
function round(value: number): string {
  return String(Number(value.toFixed(9)))
}
