import { styleText } from 'node:util'
import type { Progress } from '../engine/index.ts'
import type { GateObserver } from '../gate/stage.ts'
import { oneLine } from '../report/terminal.ts'
import type { Exchange } from '../verdict/evidence.ts'

/** Between two lines of progress where there is no terminal to redraw, ms. */
const LOG_INTERVAL_MS = 10_000
/** Between two redraws at a terminal, ms. */
const DRAW_INTERVAL_MS = 100

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream
  readonly color: boolean
  readonly quiet: boolean
  /** Every exchange too. */
  readonly verbose?: boolean
}

/** Draws what happens on standard error: one line that is redrawn at a terminal, plain lines now and then elsewhere. */
export function progressObserver({
  stream,
  color,
  quiet,
  verbose = false,
}: ProgressOptions): GateObserver & { clear(): void } {
  // A terminal that cannot move its cursor, and a CI's that is recorded, get plain lines.
  const terminal = stream.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI
  const red = (text: string) => (color ? styleText('red', text, { validateStream: false }) : text)
  let drawn = false
  let lastDraw = 0
  let lastLog = 0
  let stage = ''
  let done = 0
  let broken = 0

  const clear = () => {
    if (drawn) stream.write('\r\u001b[2K')
    drawn = false
  }
  const draw = (text: string) => {
    const now = performance.now()
    // A line that was cleared away is drawn anew at once: the next event may be long in coming.
    if (drawn && now - lastDraw < DRAW_INTERVAL_MS) return
    lastDraw = now
    clear()
    stream.write(text.slice(0, (stream.columns ?? 80) - 1))
    drawn = true
  }
  const log = (text: string) => {
    clear()
    stream.write(`${text}\n`)
  }
  // What a script says is no progress: it is shown even when nothing else is.
  const loadLog = (_scenario: string, line: string) => log(line)
  if (quiet) return { clear, loadLog }

  return {
    clear,
    loadLog,
    stageStarted(name) {
      stage = name
      done = 0
      broken = 0
      if (terminal) draw(`${name} …`)
    },
    check(check) {
      if (verbose) for (const exchange of check.exchanges) log(describeExchange(check.id, exchange))
      done++
      if (check.verdict === 'broken') {
        broken++
        log(`${red('✗')} ${check.id}: ${oneLine(check.failures[0]?.message ?? check.title)}`)
      } else if (terminal)
        draw(`${stage} … ${done} checks${broken > 0 ? `, ${broken} broken` : ''}  ${check.title}`)
    },
    loadStarted(scenario, profile) {
      lastLog = performance.now()
      if (!terminal) log(`load ${scenario} (${profile}) …`)
    },
    note: log,
    loadRepeated(scenario) {
      log(`load ${scenario}: the generator was saturated; once more`)
    },
    loadProgress(scenario, progress) {
      if (terminal) return draw(describeLoad(scenario, progress, (stream.columns ?? 80) - 1))
      const now = performance.now()
      if (now - lastLog < LOG_INTERVAL_MS) return
      lastLog = now
      log(describeLoad(scenario, progress))
    },
    stageEnded(result) {
      log(
        `${result.name.padEnd(9)} ${result.verdict} (${(result.durationMs / 1000).toFixed(1)} s)${result.reason === undefined ? '' : `: ${oneLine(result.reason)}`}`,
      )
    },
  }
}

/** As curl's verbose output: what was sent, what came. */
function describeExchange(id: string, { request, response, error, durationMs }: Exchange): string {
  const part = (mark: string, head: string, headers: Readonly<Record<string, string>>, body?: string) => [
    `${mark} ${head}`,
    ...Object.entries(headers).map(([name, value]) => `${mark} ${name}: ${value}`),
    ...(body === undefined || body === '' ? [] : [`${mark} ${body}`]),
  ]
  return [
    `* ${id} (${durationMs.toFixed(0)} ms)`,
    ...part('>', `${request.method} ${request.url}`, request.headers, request.body),
    ...(response === undefined
      ? [`< ${error === undefined ? 'no answer' : `${error.code}: ${error.message}`}`]
      : part('<', String(response.status), response.headers, response.body)),
  ]
    .map(oneLine)
    .join('\n')
}

/** How a load run goes, in `width` columns: rate, p95 and errors are the last to be left out. */
export function describeLoad(scenario: string, progress: Progress, width = Number.POSITIVE_INFINITY): string {
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`
  const planned = progress.plannedRate === undefined ? '' : ` of ${progress.plannedRate.toFixed(0)}`
  const toGo = progress.remainingMs === undefined ? [] : [`${seconds(progress.remainingMs)} to go`]
  const time = [seconds(progress.elapsedMs), ...toGo]
  const figures = [
    `${progress.achievedRate.toFixed(0)}${planned}/s`,
    ...(progress.p95Ms === undefined ? [] : [`p95 ${progress.p95Ms.toFixed(1)} ms`]),
    `${progress.errors} errors`,
  ]
  const vus = `${progress.vus} VUs`
  const forms = [
    `load ${scenario}: ${[...time, vus, ...figures].join(', ')}`,
    `${scenario}: ${[...time, ...figures].join(', ')}`,
    `${scenario}: ${figures.join(', ')}`,
  ]
  return forms.find((form) => form.length <= width) ?? figures.join(', ')
}
