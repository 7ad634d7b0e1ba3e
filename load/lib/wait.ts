import { setTimeout } from 'k6/timers'

/** Waits without blocking the VU. */
export function wait(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(() => done(), ms)
  })
}
