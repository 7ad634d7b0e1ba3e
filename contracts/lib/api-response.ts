import type { RawResponse } from '../../src/client/send-request.ts'
import type { ApiResponse } from '../../src/ocapi/response.ts'

/** An answer as `src/ocapi` reads it. */
export function apiResponse<Raw extends RawResponse>(raw: Raw): Raw & ApiResponse {
  return {
    ...raw,
    contentType: raw.headers.get('content-type') ?? undefined,
    authorization: raw.headers.get('authorization') ?? undefined,
  }
}
