import { Rate } from 'k6/metrics'

/** k6 lets a run pass whose iterations all threw; a threshold on this rate does not. */
const failedIterations = new Rate('failed_iterations')

/** An exported function of a script: counts whether it ran to its end. */
export function iteration<Data>(body: (data: Data) => Promise<void>): (data: Data) => Promise<void> {
  const ran = () => failedIterations.add(false)
  const threw = (error: unknown) => {
    failedIterations.add(true)
    throw error
  }
  return (data) => body(data).then(ran, threw)
}
