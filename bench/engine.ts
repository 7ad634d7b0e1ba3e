/**
 * Runs one script in the embedded engine, in a process of its own: `node bench/engine.ts JSON`, with the members of
 * RunOptions that are data. Prints the facts that the bench reads, as JSON.
 */
import { resolve } from 'node:path'
import { runScript } from '../src/engine/index.ts'
import { packageRoot } from '../src/verdict/package-root.ts'

interface Request {
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  readonly overrides?: Readonly<Record<string, unknown>>
  readonly workers?: number
}

const request = JSON.parse(process.argv[2] ?? '{}') as Request
const rss: number[] = []
const { result } = await runScript({
  ...request,
  script: resolve(packageRoot, request.script),
  scenario: 'bench',
  profile: 'bench',
  onProgress: () => rss.push(process.memoryUsage.rss()),
})
const { metrics, iterations, generator, checks, durationMs, exceptions, thresholds } = result
process.stdout.write(
  JSON.stringify({
    requests: metrics.http_reqs?.values.count ?? 0,
    failed: metrics.http_req_failed?.values.passes ?? 0,
    durationMs,
    iterations,
    generator,
    checks,
    exceptions,
    broken: thresholds
      .filter(({ verdict }) => verdict !== 'held')
      .map(({ metric, expression }) => `${metric} ${expression}`),
    // Of the main scenario, where a threshold asks for it.
    delay: (metrics['delay_from_plan{scenario:guest}'] ?? metrics.delay_from_plan)?.values,
    duration: metrics.http_req_duration?.values,
    offset: metrics.start_offset?.values,
    rss,
  }),
)
