import { z } from 'zod'
import { verdictSchema } from './check.ts'
import { exchangeSchema } from './evidence.ts'

/** k6's own shape of a metric in the end-of-test summary: `values` by name (`avg`, `p(95)`, `count`, `rate` …), times in ms. */
const metricSchema = z.strictObject({
  type: z.enum(['counter', 'gauge', 'rate', 'trend']),
  contains: z.enum(['default', 'time', 'data']),
  values: z.record(z.string(), z.number()),
})

const thresholdSchema = z.strictObject({
  metric: z.string().describe('with its tag selector, as the script wrote it'),
  expression: z.string(),
  verdict: verdictSchema.describe('not evaluated when there were no samples'),
  actual: z.number().optional(),
})

/** Counts of a k6 check over the run. A name that begins with clause ids (`TOKEN-1 TOKEN-2: …`) proves them. */
const loadCheckSchema = z.strictObject({
  name: z.string(),
  passes: z.int().nonnegative(),
  fails: z.int().nonnegative(),
})

/**
 * One interval of the run: its iterations. Times in ms; `t` from the start of the run. Percentiles are absent where
 * nothing was measured.
 */
const pointSchema = z.strictObject({
  t: z.number(),
  planned: z.int(),
  started: z.int(),
  completed: z.int(),
  completedOfPlan: z.int().describe('of the open executors, whose iterations are planned'),
  failed: z.int(),
  dropped: z.int(),
  vus: z.int(),
  fromPlanP95: z.number().optional(),
  fromPlanP99: z.number().optional(),
})

/** Percentile curve: `[percentile 0..100, ms]`. */
const curveSchema = z.strictObject({
  label: z.string(),
  count: z.int(),
  points: z.array(z.tuple([z.number(), z.number()])),
})

/**
 * Requests that are looked at together: of one auth type, in one phase of the run. A percentile over several auth types
 * says nothing about any of them. Requests of `setup` and `teardown` are not in it.
 */
const requestGroupSchema = z.strictObject({
  auth: z.string().optional().describe('the tag `auth`; absent: requests without it'),
  phase: z.string().optional().describe('the tag `phase`: `warmup`, `main` …'),
  count: z.int(),
  failed: z.int().describe('not answered as expected'),
  values: z.record(z.string(), z.number()).describe('of durations, ms: `avg`, `min`, `med`, `p(90)` … `max`'),
  points: z
    .array(z.tuple([z.number(), z.number()]))
    .describe('the percentile curve, as far as so many samples tell: `[percentile 0..100, ms]`'),
  series: z
    .array(
      z.strictObject({
        t: z.number().describe('start of the interval, ms from the start of the run'),
        count: z.int(),
        failed: z.int(),
        p50: z.number(),
        p95: z.number(),
        p99: z.number(),
      }),
    )
    .describe('an interval without requests has no entry'),
})

export type RequestGroup = z.infer<typeof requestGroupSchema>

/** An exchange of a failure, of which the first of each kind are kept. */
const failureSampleSchema = z.strictObject({
  of: z.enum(['check', 'request']),
  name: z.string().describe("of the check; of a request, k6's error code and message"),
  exchange: exchangeSchema,
})

/** The generator's own health; `saturated` names each bound that it passed, and any of them refuses the verdict. */
const generatorSchema = z.strictObject({
  workers: z.int(),
  eventLoopDelayP99Ms: z.number().optional(),
  delayFromPlanP99Ms: z.number().optional().describe('of open executors: actual start minus planned start'),
  lateStarts: z.int(),
  droppedIterations: z.int(),
  cpuSeconds: z.number().optional(),
  peakMemoryBytes: z.number().optional(),
  saturated: z.array(z.string()),
})

export const loadResultSchema = z.strictObject({
  scenario: z.string(),
  profile: z.string(),
  engine: z.enum(['node', 'k6']),
  engineVersion: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  interrupted: z.boolean(),
  stopped: z
    .strictObject({ by: z.enum(['threshold', 'abort', 'fail', 'teardown']), reason: z.string() })
    .optional()
    .describe(
      'threshold: one with abortOnFail was broken; abort: exec.test.abort ended the run; fail: exec.test.fail marked it; teardown: teardown() threw or took too long',
    ),
  iterations: z.strictObject({
    planned: z.int().optional().describe('absent where only closed executors ran'),
    completed: z.int(),
    completedOfPlan: z.int().optional().describe('of the planned ones'),
    interrupted: z.int().describe('cut off by the end of gracefulStop'),
    failed: z.int().describe('ended by an exception'),
  }),
  rate: z
    .strictObject({ planned: z.number().optional(), achieved: z.number() })
    .describe(
      'iterations per second, both of the same scenarios: of the open executors where there are any, which alone plan',
    ),
  maxVus: z.int(),
  checks: z.array(loadCheckSchema),
  foreign: z
    .array(z.strictObject({ kind: z.string(), count: z.int().positive() }))
    .optional()
    .describe(
      'answers that are no document of the API, by kind such as "429 text/html"; absent where there were none',
    ),
  thresholds: z.array(thresholdSchema),
  metrics: z.record(z.string(), metricSchema).describe('submetrics under their full name'),
  series: z.array(pointSchema),
  requests: z.array(requestGroupSchema),
  curves: z.array(curveSchema).describe('of iterations'),
  samples: z
    .array(failureSampleSchema)
    .describe('of failed checks and failed requests, three of each at the most'),
  errors: z
    .array(
      z.strictObject({
        code: z.int(),
        message: z.string(),
        count: z.int(),
        series: z
          .array(z.tuple([z.number(), z.int()]))
          .optional()
          .describe('where there were any: `[start of the interval, count]`'),
      }),
    )
    .describe("k6's error codes"),
  exceptions: z
    .array(z.strictObject({ message: z.string(), count: z.int() }))
    .describe('thrown by iterations, with file and line'),
  generator: generatorSchema,
  breakpoint: z
    .strictObject({
      rate: z
        .int()
        .describe('the highest that held, iterations per second: the median of the trials; 0: none did'),
      lowest: z.int(),
      highest: z.int(),
      endedBy: z.array(z.enum(['target', 'generator', 'maxRate'])).describe('what ended each trial'),
      runs: z.int(),
    })
    .optional()
    .describe('of the profile breakpoint; the rest is then the run at that rate'),
})

export type LoadResult = z.infer<typeof loadResultSchema>
