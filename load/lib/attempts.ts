import { check } from 'k6'
import { isDecided, isDeclined } from './answer.ts'
import { wrongPassword } from './customers.ts'
import type { Response, Shop } from './shop.ts'
import type { Customer } from './states.ts'

export const WRONG_DECLINED = {
  'CRED-2: a wrong password is declined without a token under load': isDeclined,
}

export function isLetIn({ status }: Response): boolean {
  return status === 200
}

/** Logins with right and wrong passwords. Checks are made only of what the target decided. */
export class Attempts {
  readonly #shop: Shop

  constructor(shop: Shop) {
    this.#shop = shop
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
   * Sends wrong passwords at the same moment, each on a connection of its own.
   * @returns whether the target decided all of them, so that their number is known
   */
  async failAtOnce(customer: Customer, count: number): Promise<boolean> {
    const responses = await Promise.all(
      Array.from({ length: count }, (_, index) => this.wrong(customer, index)),
    )
    this.checkWrong(responses)
    return responses.every(isDecided)
  }

  /** @param responses to wrong passwords */
  checkWrong(responses: readonly Response[]): void {
    for (const response of responses) if (isDecided(response)) check(response, WRONG_DECLINED)
  }

  /** Either answer is one that a login may have; only what is none of them is a failed request. */
  #logIn(basic: string): Promise<Response> {
    return this.#shop.credentials(basic, { statuses: [200, 401], tags: { auth: 'credentials' } })
  }
}
