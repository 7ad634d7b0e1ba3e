import { redactText } from '../../verdict/redact.ts'
import type { Measurements } from '../metrics/measurements.ts'

/**
 * Reads k6's log (`--log-format json`), which is the only place where k6 tells of iterations that threw: they count
 * as complete, and leave the exit code at 0.
 */
export class LogReader {
  readonly #measurements: Measurements
  readonly #print: (line: string) => void
  #lastError: string | undefined
  /** Names of metrics whose thresholds k6 found crossed. */
  readonly crossed = new Set<string>()

  constructor(measurements: Measurements, print: (line: string) => void) {
    this.#measurements = measurements
    this.#print = print
  }

  /** The last error that k6 logged of its own, redacted. */
  get lastError(): string | undefined {
    return this.#lastError
  }

  read(line: string): void {
    const entry = parse(line)
    const message = redactText(entry.msg)
    if (message.trim() !== '')
      this.#print(`${entry.level.toUpperCase().replace('WARNING', 'WARN')} ${message}`)
    if (entry.level !== 'error' || entry.source === 'console') return
    this.#lastError = message
    for (const name of crossedIn(entry.msg)) this.crossed.add(name)
    if (entry.source === 'stacktrace' && entry.scenario !== undefined) {
      this.#measurements.iterations.failed++
      this.#measurements.exceptions.add(exceptionOf(message))
    }
  }
}

interface Entry {
  readonly level: string
  readonly msg: string
  readonly source: string | undefined
  readonly scenario: string | undefined
}

function parse(line: string): Entry {
  try {
    const { level, msg, error, source, scenario } = JSON.parse(line) as Record<string, unknown>
    const texts = [msg, error].filter((text) => typeof text === 'string' && text !== '')
    return {
      level: String(level),
      msg: texts.join(': '),
      source: optional(source),
      scenario: optional(scenario),
    }
  } catch {
    return { level: 'info', msg: line, source: undefined, scenario: undefined }
  }
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** What was thrown and where: the first line, and the first frame that has a place. */
function exceptionOf(stack: string): string {
  const [first = '', ...frames] = stack.split('\n')
  const place = frames
    .map((frame) => /(?:file:\/\/)?([^\s(]+:\d+:\d+)/.exec(frame)?.[1])
    .find((found) => found !== undefined)
  return place === undefined ? first.trim() : `${first.trim()} (${place})`
}

/** k6: `thresholds on metrics 'a, b{c:d}' have been crossed`. */
function crossedIn(message: string): string[] {
  const names = /thresholds on metrics '(.+?)' (?:have been|were) crossed/.exec(message)?.[1]
  return names === undefined ? [] : names.split(/,\s+/)
}
