import type { AuthRequest } from '../ocapi/auth-request.ts'
import type { RawRequest } from './send-request.ts'

/** The cheapest request that the API itself has to answer, as the client sends it. */
export function guestRequest({ shopUrl, clientId }: { shopUrl: string; clientId: string }): RawRequest {
  return {
    method: 'POST',
    url: `${shopUrl}/customers/auth`,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'x-dw-client-id': clientId,
    },
    body: JSON.stringify({ type: 'guest' } satisfies AuthRequest),
  }
}
