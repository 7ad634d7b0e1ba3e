import { randomBytes } from 'node:crypto'
import { writeBasic } from '../policies/basic.ts'
import type { Subject } from '../policies/claims.ts'
import type { RegisteredCustomer } from '../policies/customers.ts'
import type { PasswordHash } from '../policies/passwords.ts'
import type { Policies } from '../policies/policies.ts'
import { moveTimes } from '../policies/profiles.ts'
import { randomHex, randomText } from '../policies/random.ts'

/** A customer as a state tells it. */
export interface Account {
  login: string
  password: string
  basic: string
  customerId: string
}

export interface Registered {
  account: Account
  customer: RegisteredCustomer
}

/**
 * Passwords of many customers are hashed this often only, and dealt out in turn: each login still costs one whole
 * hash, and thousands of customers are there at once whatever a hash costs.
 */
const HASHES_OF_MANY = 32

/** Characters of a password, unless a state asks for another length. */
export const PASSWORD_LENGTH = 24

/**
 * Customers who can log in.
 * @param count at least 1
 * @param passwordLength characters, at least 8
 */
export async function registerCustomers(
  policies: Policies,
  count: number,
  passwordLength = PASSWORD_LENGTH,
): Promise<Registered[]> {
  const [first, ...others] = await Promise.all(
    Array.from({ length: Math.min(count, HASHES_OF_MANY) }, async () => {
      const password = newPassword(passwordLength)
      return { password, hash: await policies.passwords.hash(password) }
    }),
  )
  if (first === undefined) throw new RangeError(`count must be at least 1; got ${count}`)
  const dealt = [first, ...others]
  const createdAt = policies.clock.now()
  return Array.from({ length: count }, (_, index) => {
    const { password, hash } = dealt[index % dealt.length] ?? first
    const customer = register(policies, hash, createdAt)
    const { login, customerId } = customer
    return { account: { login, password, basic: writeBasic({ login, password }), customerId }, customer }
  })
}

/**
 * Letters of both cases, a digit and a special character, as the vendor's password rules may ask for, and no blank: so
 * that every near miss of it (other letter case, a blank beside it, cut short) is another password.
 */
function newPassword(length: number): string {
  return `${randomText(length - PASSWORD_END.length)}${PASSWORD_END}`
}

const PASSWORD_END = 'A!7a'

/**
 * A customer who came some time ago: a registered one has logged in then, so that a profile has times that a
 * later request can be seen to leave alone. Nobody is told the password, so there is none.
 */
export function someone(policies: Policies, kind: 'guest' | 'registered', cameAt: number): Subject {
  const visit = randomHex(16)
  if (kind === 'guest') return { customerId: randomText(26), guest: true, visit }
  const customer = register(policies, { salt: randomBytes(16), hash: randomBytes(32) }, cameAt)
  moveTimes(customer, cameAt)
  return { customerId: customer.customerId, guest: false, visit }
}

/** Ids are never those of the policy under test, which a defect may have replaced. */
function register(policies: Policies, password: PasswordHash, createdAt: number): RegisteredCustomer {
  const login = `shopper-${randomText(16)}@example.com`
  const customer: RegisteredCustomer = {
    customerId: randomText(26),
    customerNo: randomText(12),
    login,
    email: login,
    firstName: 'Ada',
    lastName: 'Shopper',
    password,
    createdAt,
  }
  policies.customers.add(customer)
  return customer
}
