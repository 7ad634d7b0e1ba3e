import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../policies/clock.ts'
import type { Customers, RegisteredCustomer } from '../policies/customers.ts'
import { createFailureCounts, type FailureCount } from '../policies/failure-counts.ts'
import type { Lockout } from '../policies/lockout.ts'
import type { ProviderSettings } from '../settings.ts'
import type { Defect } from './defect.ts'

export const spellingDefects: readonly Defect[] = [
  {
    id: 'login-in-other-letter-case-counts-apart',
    title: 'a login in other letter case is let in, and its failures are counted apart',
    clauses: ['LOCK-8'],
    underLoad: false,
    plant: () => ({ customers: new Spellings((login) => login.toLowerCase()).plant }),
  },
  {
    id: 'login-with-blanks-counts-apart',
    title: 'a login with blanks around it is let in, and its failures are counted apart',
    clauses: ['LOCK-8'],
    underLoad: false,
    plant: () => ({ customers: new Spellings((login) => login.trim()).plant }),
  },
  {
    id: 'login-in-compatibility-form-counts-apart',
    title:
      'a login in a compatibility form (full-width letters) is let in, and its failures are counted apart',
    clauses: ['LOCK-8'],
    underLoad: false,
    plant: () => ({ customers: new Spellings((login) => login.normalize('NFKC')).plant }),
  },
  {
    id: 'spellings-at-once-lose-updates',
    title: 'attempts under two spellings of a login at the same moment lose failures of each other',
    clauses: ['LOCK-8'],
    underLoad: ['lockout'],
    plant: () => {
      const spellings = new Spellings((login) => login.normalize('NFKC').trim().toLowerCase())
      return {
        customers: spellings.plant,
        lockout: (_correct, { settings, clock }) => createLockoutBySpelling(settings, clock, spellings),
      }
    },
  },
]

/** Customers who are found under every spelling of their login that comes to the same. */
class Spellings {
  readonly #same: (login: string) => string
  readonly #logins = new Map<string, string>()
  readonly #others = new Map<string, RegisteredCustomer>()
  readonly #owners = new WeakMap<object, object>()

  constructor(same: (login: string) => string) {
    this.#same = same
  }

  readonly plant = (correct: Customers): Customers => ({
    ...correct,
    add: (customer) => {
      correct.add(customer)
      this.#logins.set(this.#same(customer.login), customer.login)
    },
    findByLogin: (login) => correct.findByLogin(login) ?? this.#find(correct, login),
  })

  /** The customer in all but identity, by which failures are counted. */
  #find(correct: Customers, login: string): RegisteredCustomer | undefined {
    const known = this.#others.get(login)
    if (known !== undefined) return known
    const customer = correct.findByLogin(this.#logins.get(this.#same(login)) ?? '')
    if (customer === undefined) return undefined
    const other = new Proxy(customer, {})
    this.#others.set(login, other)
    this.#owners.set(other, customer)
    return other
  }

  /** The customer whose login was spelled otherwise; of the login itself, the same object. */
  ownerOf(customer: object): object {
    return this.#owners.get(customer) ?? customer
  }
}

/** As long as a count takes to get from one place to another. */
const WRITING_MS = 20

/**
 * Attempts under one spelling wait for each other. Under another spelling than the login's own, the customer's count
 * is read before the password is compared and written a moment later.
 */
function createLockoutBySpelling(settings: ProviderSettings, clock: Clock, spellings: Spellings): Lockout {
  const counts = createFailureCounts(settings, clock)
  const stored = new WeakMap<object, FailureCount>()
  const last = new WeakMap<object, Promise<unknown>>()

  async function attemptAlone(customer: object, decide: () => Promise<boolean>): Promise<boolean> {
    const owner = spellings.ownerOf(customer)
    const count = { ...(stored.get(owner) ?? counts.none()) }
    counts.refresh(count)
    const right = await decide()
    if (count.lockedUntil !== 0) return false
    counts.record(count, right)
    if (owner !== customer) await sleep(WRITING_MS)
    stored.set(owner, count)
    return right
  }

  return {
    attempt(customer, decide) {
      const attempt = (last.get(customer) ?? Promise.resolve()).then(() => attemptAlone(customer, decide))
      last.set(
        customer,
        attempt.catch(() => {}),
      )
      return attempt
    },
  }
}
