// Of the module: the global one is an accessor, and read for every request.
import { performance } from 'node:perf_hooks'

/** Time as the engine sees it: injected, so that tests run on virtual time. */
export interface Clock {
  /** Milliseconds, with fractions, since an arbitrary moment; never goes back. */
  now(): number
  /** Calls `callback` once, no earlier than `delay` ms from now. Returns a function that takes it back. */
  after(delay: number, callback: () => void): () => void
}

/** The machine's monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay)
    return () => clearTimeout(timer)
  },
}
