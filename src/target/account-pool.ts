import type { Account } from './accounts.ts'

/** Hands out the configured accounts: a lockable one once, since a check may lock it; the others in turn. */
export class AccountPool {
  readonly #lasting: readonly Account[]
  readonly #lockable: Account[]
  #next = 0

  constructor(accounts: readonly Account[]) {
    this.#lasting = accounts.filter(({ lockable }) => !lockable)
    this.#lockable = accounts.filter(({ lockable }) => lockable)
  }

  /** @returns different accounts, or undefined where there are fewer */
  take(count: number): Account[] | undefined {
    if (count > this.#lasting.length) return undefined
    const taken = Array.from(
      { length: count },
      (_, index) => this.#lasting[(this.#next + index) % this.#lasting.length] as Account,
    )
    this.#next = (this.#next + count) % Math.max(1, this.#lasting.length)
    return taken
  }

  /** @returns undefined where all of them are used up */
  takeLockable(): Account | undefined {
    return this.#lockable.shift()
  }

  /** How many accounts are not lockable. */
  get size(): number {
    return this.#lasting.length
  }
}
