import { readFileSync } from 'node:fs'
import { z } from 'zod'

const goldenSchema = z.strictObject({
  exit: z.int(),
  log: z.array(z.string()),
  metrics: z.record(z.string(), z.unknown()),
  points: z.record(z.string(), z.unknown()),
})

/** What a run of a script did, as golden.mjs writes it down. */
export type Outcome = z.infer<typeof goldenSchema>

export function readGolden(file: string): Outcome {
  const golden = goldenSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return { ...golden, log: golden.log.map(withoutCounts) }
}

/**
 * The server numbers its connections over all cases, which run here side by side: the numbers, and the length of
 * a response that holds one, say nothing.
 */
export function withoutCounts(line: string): string {
  return line
    .replace(/"c\d+"/g, '"c#"')
    .replace(
      /"Content-Length":"\d+","Content-Type":"application\/json"/g,
      '"Content-Type":"application/json"',
    )
}

const lineSchema = z.object({
  type: z.enum(['Metric', 'Point']),
  metric: z.string(),
  data: z.record(z.string(), z.unknown()),
})

/** Metrics and points of k6's NDJSON, without times: the same reduction as in golden.mjs. */
export function readPoints(ndjson: string): Pick<Outcome, 'metrics' | 'points'> {
  const metrics: Record<string, Record<string, unknown>> = {}
  const points: Record<string, { count: number; sum?: number }> = {}
  for (const line of ndjson.split('\n').filter((text) => text !== '')) {
    const { type, metric, data } = lineSchema.parse(JSON.parse(line))
    if (type === 'Metric') {
      const { type: kind, contains, thresholds, submetrics } = data
      metrics[metric] = { type: kind, contains, thresholds, submetrics }
      continue
    }
    if (/^vus(_max)?$/.test(metric)) continue
    const contains = metrics[metric]?.contains
    const timed = contains === 'time' || contains === 'data'
    const tags = Object.entries(data.tags ?? {}).filter(([key]) => key !== 'tls_version')
    const key = `${metric} ${JSON.stringify(Object.fromEntries(tags.sort(([a], [b]) => (a < b ? -1 : 1))))}`
    const at = points[key] ?? { count: 0, ...(timed ? {} : { sum: 0 }) }
    at.count++
    if (at.sum !== undefined) at.sum += Number(data.value)
    points[key] = at
  }
  return { metrics, points }
}

/**
 * An outcome as one flat list of facts, so that two can be compared one by one: `exit`, `log …`, `metric …`,
 * `point …`. Of a log line `@name {…}` each member is a fact of its own.
 */
export function factsOf({ exit, log, metrics, points }: Outcome): Map<string, string> {
  const facts = new Map<string, string>([['exit', String(exit)]])
  const repeated = new Map<string, number>()
  for (const line of log) {
    const [, name, json] = /^@(\S+) (.*)$/s.exec(line) ?? []
    if (name === undefined || json === undefined) {
      const count = (repeated.get(line) ?? 0) + 1
      repeated.set(line, count)
      facts.set(`log ${line}`, `${count} times`)
      continue
    }
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) facts.set(`@${name}`, json)
    else for (const [key, item] of Object.entries(value)) facts.set(`@${name} ${key}`, JSON.stringify(item))
  }
  for (const [name, metric] of Object.entries(metrics)) {
    if (!/^vus(_max)?$/.test(name)) facts.set(`metric ${name}`, JSON.stringify(metric))
  }
  for (const [key, point] of Object.entries(points)) facts.set(`point ${key}`, JSON.stringify(point))
  return facts
}
