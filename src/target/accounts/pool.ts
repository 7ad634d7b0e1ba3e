import type { Account } from './accounts.ts'

/** Where customers are taken from that exist on the target. */
export interface AccountSource {
  /** How many accounts are not lockable. */
  readonly size: number
  /** @returns different accounts, or undefined where there are fewer */
  take(count: number): Account[] | undefined
  /** @returns undefined where all of them are used up */
  takeLockable(): Account | undefined
}

/** Hands out the configured accounts: a lockable one once, since a check may lock it; the others in turn. */
export class AccountPool implements AccountSource {
  readonly #lasting: readonly Account[]
  readonly #lockable: Account[]
  #next = 0

  constructor(accounts: readonly Account[]) {
    this.#lasting = accounts.filter(({ lockable }) => !lockable)
    this.#lockable = accounts.filter(({ lockable }) => lockable)
  }

  get size(): number {
    return this.#lasting.length
  }

  take(count: number): Account[] | undefined {
    if (count > this.size) return undefined
    const inTurn = [...this.#lasting.slice(this.#next), ...this.#lasting.slice(0, this.#next)]
    this.#next = (this.#next + count) % Math.max(1, this.size)
    return inTurn.slice(0, count)
  }

  takeLockable(): Account | undefined {
    return this.#lockable.shift()
  }

  /** For a check that runs alone: it is given no account twice. */
  ofOneCheck(): AccountSource {
    let taken = 0
    return {
      size: this.size,
      take: (count) => {
        if (taken + count > this.size) return undefined
        taken += count
        return this.take(count)
      },
      takeLockable: () => this.takeLockable(),
    }
  }
}
