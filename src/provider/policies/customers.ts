import type { PasswordHash } from './passwords.ts'

/** Times are milliseconds since 1970; an absent one never happened. */
export interface RegisteredCustomer {
  readonly customerId: string
  readonly customerNo: string
  readonly login: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly password: PasswordHash
  readonly createdAt: number
  lastLoginAt?: number
  lastVisitAt?: number
  previousLoginAt?: number
  previousVisitAt?: number
}

/** Far more than a run of the load scenarios makes. */
const MAX_CUSTOMERS = 200_000

/**
 * Registered customers. Guests are kept nowhere: all that is known of a guest stands in the guest's token, so
 * guests end with their tokens and take no memory.
 */
export interface Customers {
  /** Beyond the maximum the oldest customer goes. */
  add(customer: RegisteredCustomer): void
  findByLogin(login: string): RegisteredCustomer | undefined
  findById(customerId: string): RegisteredCustomer | undefined
}

export function createCustomers(maxCustomers = MAX_CUSTOMERS): Customers {
  const byLogin = new Map<string, RegisteredCustomer>()
  const byId = new Map<string, RegisteredCustomer>()
  return {
    add(customer) {
      byLogin.set(customer.login, customer)
      byId.set(customer.customerId, customer)
      for (const oldest of byId.values()) {
        if (byId.size <= maxCustomers) break
        byId.delete(oldest.customerId)
        byLogin.delete(oldest.login)
      }
    },
    findByLogin: (login) => byLogin.get(login),
    findById: (customerId) => byId.get(customerId),
  }
}
