import { check } from 'k6'
import { AUTHENTICATION_FAILED } from '../../src/ocapi/refusal.ts'
import { isDeclined } from './answer.ts'
import { wrongPassword } from './customers.ts'
import { isDecided } from './foreign.ts'
import { REFUSED, type Response, type Shop } from './shop.ts'
import type { Customer } from './states.ts'

const WRONG = 'CRED-2: a wrong password is declined without a token under load'
/** Of a customer who cannot be locked yet. */
const WRONG_UNAUTHENTICATED = {
  [WRONG]: (response: Response) => isDeclined(response, undefined, AUTHENTICATION_FAILED),
}
/** Of one who may be locked: no document says by which status such a customer is refused. */
export const WRONG_DECLINED = { [WRONG]: (response: Response) => isDeclined(response) }

export function isLetIn({ status }: Response): boolean {
  return status === 200
}

/** Logins with right and wrong passwords. Checks are made only of what the target decided. */
export class Attempts {
  readonly #shop: Shop

  readonly #maxAttempts: number

  /** @param maxAttempts as many failures lock a customer */
  constructor(shop: Shop, maxAttempts: number) {
    this.#shop = shop
    this.#maxAttempts = maxAttempts
  }

  right({ basic }: Customer): Promise<Response> {
    return this.#logIn(basic)
  }

  /** @param index gives each attempt a password of its own */
  wrong({ basic }: Customer, index: number): Promise<Response> {
    return this.#logIn(wrongPassword(basic, index))
  }

  /** Logs in with the right password, and checks what came of it. */
  async tryRight(customer: Customer, checks: Record<string, (response: Response) => boolean>): Promise<void> {
    const response = await this.right(customer)
    if (isDecided(response)) check(response, checks)
  }

  /**
   * Sends wrong passwords at the same moment, each on a connection of its own. Fewer than the maximum are sent for
   * customers only whom they cannot lock.
   * @returns whether the target decided all of them, so that their number is known
   */
  async failAtOnce(customer: Customer, count: number): Promise<boolean> {
    const responses = await Promise.all(
      Array.from({ length: count }, (_, index) => this.wrong(customer, index)),
    )
    return this.checkWrong(responses, count < this.#maxAttempts ? WRONG_UNAUTHENTICATED : WRONG_DECLINED)
  }

  /**
   * @param responses to wrong passwords
   * @returns whether the target decided all of them
   */
  checkWrong(responses: readonly Response[], checks = WRONG_DECLINED): boolean {
    let allDecided = true
    for (const response of responses) {
      if (isDecided(response)) check(response, checks)
      else allDecided = false
    }
    return allDecided
  }

  /** Either answer is one that a login may have; only what is none of them is a failed request. */
  #logIn(basic: string): Promise<Response> {
    return this.#shop.credentials(basic, { statuses: [200, REFUSED], tags: { auth: 'credentials' } })
  }
}
