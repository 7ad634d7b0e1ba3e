import type { Clock } from './clock.ts'

/** Something that is due at a time. The wheel links it in place, so arming and disarming allocate nothing. */
export abstract class Timer {
  /** When it is due, on the wheel's clock (ms). */
  due = 0
  previous: Timer | null = null
  next: Timer | null = null
  slot = -1

  /** Called once when the time has come. */
  abstract fire(now: number): void
}

/** A timer that calls a function. */
export class CallbackTimer extends Timer {
  readonly #callback: (now: number) => void

  constructor(callback: (now: number) => void) {
    super()
    this.#callback = callback
  }

  override fire(now: number): void {
    this.#callback(now)
  }
}

const SLOTS = 4096
const MASK = SLOTS - 1
const WORDS = SLOTS / 32

/**
 * A hashed timing wheel of 1 ms slots: one for everything that a worker waits for (planned starts, think times,
 * request timeouts, ends of scenarios). Arming and disarming cost the same with ten timers and ten thousand.
 * Timers of one slot fire in the order in which they were armed.
 */
export class TimerWheel {
  readonly #clock: Clock
  readonly #heads: (Timer | null)[] = new Array(SLOTS).fill(null)
  readonly #tails: (Timer | null)[] = new Array(SLOTS).fill(null)
  /** One bit a slot, set while it holds timers. */
  readonly #occupied = new Int32Array(WORDS)
  readonly #origin: number
  /** The tick up to which all due timers have fired. */
  #tick = 0
  #count = 0
  #wakeAt = Number.POSITIVE_INFINITY
  #cancelWake: (() => void) | undefined
  #turning = false
  /** The next timer of the slot that is being walked: a callback may disarm it. */
  #cursor: Timer | null = null

  constructor(clock: Clock) {
    this.#clock = clock
    this.#origin = clock.now()
  }

  /** How many timers are armed. */
  get size(): number {
    return this.#count
  }

  /** Arms a timer for a time on the clock (ms); one that is due already fires at the next turn, never at once. */
  armAt(timer: Timer, due: number): void {
    if (timer.slot !== -1) this.disarm(timer)
    timer.due = due
    // Rounded up: a timer never fires before its time.
    const tick = Math.max(Math.ceil(due - this.#origin), this.#tick + 1)
    const slot = tick & MASK
    timer.slot = slot
    timer.next = null
    const tail = this.#tails[slot] ?? null
    timer.previous = tail
    if (tail === null) this.#heads[slot] = timer
    else tail.next = timer
    this.#tails[slot] = timer
    this.#occupied[slot >>> 5] = (this.#occupied[slot >>> 5] ?? 0) | (1 << (slot & 31))
    this.#count++
    if (!this.#turning && tick < this.#wakeAt) this.#sleepUntil(tick)
  }

  disarm(timer: Timer): void {
    const { slot } = timer
    if (slot === -1) return
    if (timer === this.#cursor) this.#cursor = timer.next
    if (timer.previous === null) this.#heads[slot] = timer.next
    else timer.previous.next = timer.next
    if (timer.next === null) this.#tails[slot] = timer.previous
    else timer.next.previous = timer.previous
    if (this.#heads[slot] === null) {
      this.#occupied[slot >>> 5] = (this.#occupied[slot >>> 5] ?? 0) & ~(1 << (slot & 31))
    }
    timer.slot = -1
    timer.previous = null
    timer.next = null
    this.#count--
  }

  /** Fires what is due. Called by the clock; harmless to call at any other time. */
  turn(): void {
    if (this.#turning) return
    const now = this.#clock.now()
    const target = Math.floor(now - this.#origin)
    this.#turning = true
    try {
      // A gap longer than the wheel visits every slot once.
      if (target - this.#tick > SLOTS) this.#tick = target - SLOTS
      while (this.#tick < target) {
        this.#tick++
        this.#fireSlot(this.#tick & MASK, now)
      }
    } finally {
      this.#turning = false
      this.#cursor = null
    }
    this.#sleep()
  }

  #fireSlot(slot: number, now: number): void {
    for (let timer = this.#heads[slot] ?? null; timer !== null; timer = this.#cursor) {
      this.#cursor = timer.next
      // A timer of a later round stays.
      if (timer.due > now) continue
      this.disarm(timer)
      timer.fire(now)
    }
  }

  /** Sleeps until the next slot that holds timers. */
  #sleep(): void {
    this.#cancelWake?.()
    this.#cancelWake = undefined
    this.#wakeAt = Number.POSITIVE_INFINITY
    if (this.#count === 0) return
    for (let ahead = 1; ahead <= SLOTS; ) {
      const slot = (this.#tick + ahead) & MASK
      const bits = (this.#occupied[slot >>> 5] ?? 0) >>> (slot & 31)
      if (bits === 0) ahead += 32 - (slot & 31)
      else {
        // The lowest bit that is set.
        this.#sleepUntil(this.#tick + ahead + 31 - Math.clz32(bits & -bits))
        return
      }
    }
  }

  #sleepUntil(tick: number): void {
    this.#cancelWake?.()
    this.#wakeAt = tick
    this.#cancelWake = this.#clock.after(Math.max(0, this.#origin + tick - this.#clock.now()), this.#wake)
  }

  readonly #wake = (): void => {
    this.#cancelWake = undefined
    this.#wakeAt = Number.POSITIVE_INFINITY
    this.turn()
  }

  /** Disarms everything and sleeps. */
  stop(): void {
    for (const head of this.#heads) {
      for (let timer = head; timer !== null; ) {
        const { next } = timer
        this.disarm(timer)
        timer = next
      }
    }
    this.#cancelWake?.()
    this.#cancelWake = undefined
    this.#wakeAt = Number.POSITIVE_INFINITY
  }
}
