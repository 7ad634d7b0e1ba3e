/**
 * How late iterations start under k6 or the embedded engine: `start_offset` is the start minus the planned start,
 * by the clock that both have, in whole ms. Environment: URL, RATE (iterations a second), DURATION, VUS.
 */
import exec from 'k6/execution'
import http from 'k6/http'
import { Trend } from 'k6/metrics'
import type { Options } from 'k6/options'

const offset = new Trend('start_offset', true)
const rate = Number(__ENV.RATE)

export const options: Options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: __ENV.DURATION ?? '30s',
      preAllocatedVUs: Number(__ENV.VUS),
    },
  },
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(95)', 'p(99)'],
}

export default async function (): Promise<void> {
  const now = Date.now()
  offset.add(now - exec.scenario.startTime - (exec.scenario.iterationInTest * 1000) / rate)
  await http.asyncRequest('POST', __ENV.URL ?? '', '{"type":"guest"}', {
    headers: { 'Content-Type': 'application/json', 'x-dw-client-id': 'bench' },
    tags: { name: 'auth' },
  })
}
