import type { ApiResponse } from '../../src/ocapi/response.ts'
import { isOfTheApi, kindOf, NO_DOCUMENT } from '../../src/ocapi/response.ts'
import { HarnessError } from '../../src/verdict/errors.ts'

/**
 * A maintenance page, a gateway's 502 or a firewall's 403 says nothing of the API. But a target may also give such an
 * answer in the place of a fault, and that is wrong. A guest request right after it tells the two apart: where the API
 * answers that one, the answer before was the target's own.
 * @param request names the request that was answered, without secrets
 * @param sendGuest sends a guest request
 * @throws {HarnessError} TARGET `TARGET_NOT_THE_API`: neither is a document of the API
 */
export async function requireApi(
  request: string,
  response: ApiResponse,
  sendGuest: () => Promise<ApiResponse>,
): Promise<void> {
  if (isOfTheApi(response) || isOfTheApi(await sendGuest())) return
  throw notTheApi(request, response)
}

export function notTheApi(request: string, response: ApiResponse): HarnessError {
  return new HarnessError(
    'TARGET',
    'TARGET_NOT_THE_API',
    `${request} is answered ${kindOf(response)}, ${NO_DOCUMENT}`,
    {
      remedy:
        'see what stands before the API: a maintenance page, a gateway, a firewall or a login page;' +
        ' and that target.baseUrl leads to the Shop API',
    },
  )
}
