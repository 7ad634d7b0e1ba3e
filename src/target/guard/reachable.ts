import { ClientError } from '../../client/errors.ts'
import { sendRequest } from '../../client/send-request.ts'
import { HarnessError } from '../../verdict/errors.ts'
import type { Target } from '../target.ts'

/**
 * One cheap request; any HTTP answer will do.
 * @throws {HarnessError} TARGET `TARGET_UNREACHABLE`
 */
export async function checkReachable(target: Target): Promise<void> {
  try {
    await sendRequest({
      method: 'GET',
      url: target.baseUrl,
      timeoutMs: target.config.target.timeoutSeconds * 1000,
    })
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new HarnessError(
      'TARGET',
      'TARGET_UNREACHABLE',
      `the target ${target.baseUrl} is unreachable: ${error.message}`,
      {
        remedy: 'start the target, or mend target.baseUrl (--target); auth-harness doctor looks closer',
        cause: error,
      },
    )
  }
}
