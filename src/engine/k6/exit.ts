import { HarnessError } from '../../verdict/errors.ts'
import type { LoadResult } from '../../verdict/load-result.ts'

/** How a run of k6 ended that has a result. */
export interface K6End {
  readonly interrupted: boolean
  readonly thresholdsCrossed: boolean
  readonly stopped?: NonNullable<LoadResult['stopped']>
}

/**
 * What k6's exit code says (k6: errext/exitcodes). A code that k6 may add later is an error: nothing that is not
 * understood passes for a result.
 * @param reason what k6 logged last
 * @param ran whether iterations have ended: setup() and the init context come before them, teardown() behind
 * @throws {HarnessError} CONFIG K6_SCRIPT or K6_CONFIG when the script or the options are wrong; TARGET
 *   SCRIPT_TIMEOUT when setup() took too long; HARNESS K6_FAILED when k6 broke down
 */
export function endOf(code: number | null, reason: string, ran = false): K6End {
  switch (code) {
    case 0:
      return { interrupted: false, thresholdsCrossed: false }
    case 99:
      return { interrupted: false, thresholdsCrossed: true }
    case 105:
    case 103:
      return { interrupted: true, thresholdsCrossed: false }
    case 108:
      return { interrupted: false, thresholdsCrossed: false, stopped: { by: 'abort', reason } }
    case 110:
      return { interrupted: false, thresholdsCrossed: false, stopped: { by: 'fail', reason } }
    case 100:
      throw new HarnessError('TARGET', 'SCRIPT_TIMEOUT', `setup() did not end in time: ${reason}`, {
        remedy: 'See why it takes so long, or raise options.setupTimeout.',
      })
    case 101:
      return { interrupted: false, thresholdsCrossed: false, stopped: { by: 'teardown', reason } }
    case 107:
      if (ran) return { interrupted: false, thresholdsCrossed: false, stopped: { by: 'teardown', reason } }
      throw script(`The script threw: ${reason}`, 'Mend the script at the place that the message names.')
    case 104:
      throw new HarnessError('CONFIG', 'K6_CONFIG', `k6 refuses the options: ${reason}`, {
        remedy: 'Correct the options of the script, or of the command line.',
      })
    default:
      throw new HarnessError(
        'HARNESS',
        'K6_FAILED',
        `k6 ended with the exit code ${code ?? 'of a signal'}: ${reason}`,
        {
          remedy: 'Run the script with k6 alone to see what it says.',
        },
      )
  }
}

function script(message: string, remedy: string): HarnessError {
  return new HarnessError('CONFIG', 'K6_SCRIPT', message, { remedy })
}
