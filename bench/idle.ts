/** Many VUs that each send a request and wait a second. Environment: URL, VUS, DURATION. */
import { check } from 'k6'
import http, { type RefinedResponse } from 'k6/http'
import type { Options } from 'k6/options'

export const options: Options = { vus: Number(__ENV.VUS), duration: __ENV.DURATION ?? '30s' }

const params = {
  headers: { 'Content-Type': 'application/json', 'x-dw-client-id': 'bench' },
  tags: { name: 'auth' },
}
const checks = {
  'status is 200': ({ status }: RefinedResponse<'text'>) => status === 200,
  'has a token': ({ headers }: RefinedResponse<'text'>) =>
    headers.Authorization?.startsWith('Bearer ') === true,
}

export default async function (): Promise<void> {
  check(await http.asyncRequest('POST', __ENV.URL ?? '', '{"type":"guest"}', params), checks)
  await new Promise<void>((done) => {
    setTimeout(done, 1000)
  })
}
