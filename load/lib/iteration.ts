import { Rate } from 'k6/metrics'

/** k6 lets a run pass whose iterations all threw; a threshold on this rate does not. */
const failedIterations = new Rate('failed_iterations')

/** An exported function of a script: counts whether it ran to its end. */
export function iteration<Data>(body: (data: Data) => Promise<void>): (data: Data) => Promise<void> {
  return async (data) => {
    try {
      await body(data)
    } catch (error) {
      failedIterations.add(true)
      throw error
    }
    failedIterations.add(false)
  }
}
