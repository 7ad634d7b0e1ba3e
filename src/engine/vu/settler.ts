/** Something that may have ended, which can be known only when no promise job is left to run. */
export interface Settling {
  /** Called when all promise jobs have run. */
  settle(): void
}

const resolved = Promise.resolve()

/**
 * Lets the promise jobs of the present turn run out, and then asks each queued one whether it has ended. One
 * queue for all VUs, so a turn that ends many iterations pays for one tick.
 */
export class Settler {
  #queue: Settling[] = []
  #scheduled = false

  /** @param fromPromiseJob true inside a promise job: then the next tick is already after the last of them */
  add(settling: Settling, fromPromiseJob: boolean): void {
    this.#queue.push(settling)
    if (this.#scheduled) return
    this.#scheduled = true
    if (fromPromiseJob) process.nextTick(this.#flush)
    else void resolved.then(this.#tick)
  }

  readonly #tick = (): void => {
    process.nextTick(this.#flush)
  }

  readonly #flush = (): void => {
    const queue = this.#queue
    this.#queue = []
    this.#scheduled = false
    for (const settling of queue) settling.settle()
  }
}
