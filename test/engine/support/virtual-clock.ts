import type { Clock } from '../../../src/engine/time/clock.ts'

interface Entry {
  readonly at: number
  readonly callback: () => void
}

/** Time that moves when told to, from timer to timer; between them everything that is ready runs. */
export class VirtualClock implements Clock {
  #now = 1_000
  readonly #entries = new Set<Entry>()
  #armed = 0

  readonly now = (): number => this.#now

  after(delay: number, callback: () => void): () => void {
    const entry = { at: this.#now + delay, callback }
    this.#entries.add(entry)
    this.#armed++
    return () => this.#entries.delete(entry)
  }

  /** Lets `ms` pass in which nobody gets to run: an event loop that is blocked. */
  freeze(ms: number): void {
    this.#now += ms
  }

  /** Moves time from timer to timer until the promise settles. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const finished = promise.finally(() => {
      settled = true
    })
    finished.catch(() => {})
    for (;;) {
      await this.#ready()
      if (settled) return finished
      const next = this.#next()
      // Files are still being read, or a worker is at work: real time.
      if (next === undefined) await new Promise((resolve) => setTimeout(resolve, 1))
      else this.#fire(next)
    }
  }

  /** Moves time by `ms`, from timer to timer. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    for (let next = this.#next(); next !== undefined && next.at <= until; next = this.#next()) {
      this.#fire(next)
      await this.#ready()
    }
    this.#now = until
  }

  #next(): Entry | undefined {
    let first: Entry | undefined
    for (const entry of this.#entries) if (first === undefined || entry.at < first.at) first = entry
    return first
  }

  #fire(entry: Entry): void {
    this.#entries.delete(entry)
    this.#now = Math.max(this.#now, entry.at)
    entry.callback()
  }

  /**
   * Promise jobs, ticks and immediates have run, and those that they have led to. When a timer is set meanwhile,
   * something has just begun (a file had been read, say), and what it leads to comes before that timer.
   */
  async #ready(): Promise<void> {
    let armed: number
    do {
      armed = this.#armed
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
    } while (this.#armed !== armed)
  }
}
