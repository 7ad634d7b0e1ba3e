import { Timer } from '../time/wheel.ts'
import type { Vu } from '../vu/vu.ts'

/** A timer of a script: an operation that the iteration waits for. */
class ScriptTimer extends Timer {
  readonly id: number
  readonly #vu: Vu
  readonly #call: () => void
  /** ms; `undefined` for a timeout */
  readonly #interval: number | undefined

  constructor(vu: Vu, call: () => void, interval: number | undefined) {
    super()
    this.id = vu.nextTimerId++
    this.#vu = vu
    this.#call = call
    this.#interval = interval
  }

  override fire(now: number): void {
    if (this.#interval !== undefined) this.#vu.wheel.armAt(this, now + this.#interval)
    else this.#vu.timers.delete(this.id)
    this.#vu.callback(this.#call)
    if (this.#interval === undefined) this.#vu.end()
  }
}

/** `k6/timers`, and the globals of the same names. */
export function timersMember(vu: Vu, name: string): unknown {
  switch (name) {
    case 'setTimeout':
      return (call: unknown, delay?: unknown, ...given: unknown[]) => set(vu, false, call, delay, given)
    case 'setInterval':
      return (call: unknown, delay?: unknown, ...given: unknown[]) => set(vu, true, call, delay, given)
    case 'clearTimeout':
    case 'clearInterval':
      return (id: unknown) => clear(vu, id)
  }
  return undefined
}

function set(vu: Vu, repeat: boolean, call: unknown, delay: unknown, given: unknown[]): number {
  if (typeof call !== 'function') {
    throw new TypeError(`${repeat ? 'setInterval' : 'setTimeout'} expects a function as its first argument`)
  }
  if (!vu.running) throw new Error('timers can be set only while an iteration runs')
  // k6: what is no number, or below 0, is 0; intervals are at least 1 ms apart.
  const ms = Math.max(repeat ? 1 : 0, Number(delay) || 0)
  const callback = given.length === 0 ? (call as () => void) : () => call(...given)
  const timer = new ScriptTimer(vu, callback, repeat ? ms : undefined)
  vu.timers.set(timer.id, timer)
  vu.begin()
  vu.wheel.armAt(timer, vu.now() + ms)
  return timer.id
}

function clear(vu: Vu, id: unknown): void {
  const timer = vu.timers.get(Number(id))
  if (timer === undefined) return
  vu.timers.delete(Number(id))
  vu.wheel.disarm(timer)
  vu.end()
}
