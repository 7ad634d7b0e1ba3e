/** Something that may have ended, which can be known only when no promise job is left to run. */
export interface Settling {
  /** Called when all promise jobs have run. */
  settle(): void
}

/** Something that waits to be written. */
export interface Sender {
  /** Writes what it holds; does nothing when that was withdrawn meanwhile. */
  write(): void
}

/** How many requests wait for each other at most: in a long turn the target is to be at work meanwhile. */
const TOGETHER = 16

/**
 * What is put off to the end of the event loop's present turn, for all VUs of a worker: when all answers of the turn
 * have been read, the iterations that have ended start the next ones, and then all requests of the turn are written.
 * A write that follows a write finds the target awake and the caches warm; a read and a write in turns wake it for
 * each request (docs/performance.md says what that costs).
 */
export class TurnEnd {
  #settling: Settling[] = []
  #senders: Sender[] = []
  #scheduled = false

  settle(settling: Settling): void {
    this.#settling.push(settling)
    this.#schedule()
  }

  write(sender: Sender): void {
    if (this.#senders.push(sender) === TOGETHER) this.#write()
    else this.#schedule()
  }

  #write(): void {
    const senders = this.#senders
    this.#senders = []
    for (const one of senders) one.write()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#run)
  }

  readonly #run = (): void => {
    const settling = this.#settling
    this.#settling = []
    for (const one of settling) one.settle()
    // With those that the iterations have made that were started just now.
    this.#write()
    this.#scheduled = false
    // An iteration that waited for nothing has ended already: the event loop turns before the next one.
    if (this.#settling.length > 0 || this.#senders.length > 0) this.#schedule()
  }
}
