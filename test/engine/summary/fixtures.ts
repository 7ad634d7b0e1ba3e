import { scriptLayer } from '../../../src/engine/config/layers.ts'
import { parseOptions } from '../../../src/engine/config/parse.ts'
import { Measurements } from '../../../src/engine/metrics/measurements.ts'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import type { Options } from '../../../src/engine/options/options.ts'
import { Thresholds } from '../../../src/engine/thresholds/evaluate.ts'

/** A small run, measured by hand: 4 iterations of 4 requests, one of which failed, in 2 s. */
export function smallRun(raw: Record<string, unknown> = {}) {
  const options: Options = parseOptions([
    scriptLayer({
      scenarios: { main: { executor: 'constant-arrival-rate', rate: 2, duration: '2s', preAllocatedVUs: 2 } },
      thresholds: {
        http_req_duration: ['p(95)<500', 'p(99)<200'],
        'http_req_duration{auth:guest}': ['avg<150'],
        'http_req_duration{auth:nobody}': ['avg<150'],
        http_req_failed: ['rate<0.01'],
        logins: ['count>2'],
      },
      ...raw,
    }),
  ])
  const measurements = new Measurements({ selectors: options.thresholds.map(({ metric }) => metric) })
  const { registry, checks, iterations, intervals } = measurements
  const tags = registry.tagSet({ scenario: 'main' })
  const logins = registry.metric({ name: 'logins', type: 'counter', contains: 'default' })
  const waiting = registry.metric({ name: 'waiting_time', type: 'trend', contains: 'default' })
  for (const [index, duration] of [100, 120.5, 140, 400].entries()) {
    const failed = index === 3
    const own = tags
      .with('auth', index < 2 ? 'guest' : 'credentials')
      .with('expected_response', String(!failed))
    registry.series(BUILT_IN.httpReqs, own).record(1)
    registry.series(BUILT_IN.httpReqDuration, own).record(duration)
    registry.series(BUILT_IN.httpReqBlocked, own).record(0)
    registry.series(BUILT_IN.httpReqFailed, own).record(failed ? 1 : 0)
    registry.series(BUILT_IN.iterationDuration, tags).record(duration + 1)
    registry.series(BUILT_IN.delayFromPlan, tags).record(index)
    registry.series(BUILT_IN.latencyFromPlan, tags).record(duration + 1 + index)
    registry.series(BUILT_IN.iterations, tags).record(1)
    registry.series(BUILT_IN.dataSent, tags).record(250)
    registry.series(BUILT_IN.dataReceived, tags).record(130_000)
    registry.series(logins, tags).record(1)
    registry.series(waiting, tags).record(duration / 3)
    checks.check('', 'status is 200')[failed ? 'fails' : 'passes']++
    checks.check('::login', 'has a token').passes++
    registry.series(BUILT_IN.checks, tags).record(failed ? 0 : 1)
    registry.series(BUILT_IN.checks, tags).record(1)
    iterations.completed++
    iterations.planned++
    intervals.count('planned', index * 500)
    iterations.completedOfPlan++
    intervals.fromPlan(index * 500 + duration, duration + 1 + index)
    measurements.request(measurements.requests.of(own), index * 500 + duration, duration, failed)
  }
  measurements.error(1500, 'HTTP status 500')
  measurements.exceptions.add('TypeError: x is undefined (issuance.ts:3:9)')
  iterations.failed++
  registry.series(BUILT_IN.vus, registry.noTags).record(2)
  registry.series(BUILT_IN.vusMax, registry.noTags).record(2)
  const durationMs = 2_400
  return {
    options,
    measurements,
    durationMs,
    thresholds: new Thresholds(registry, options.thresholds).evaluate(durationMs),
  }
}
