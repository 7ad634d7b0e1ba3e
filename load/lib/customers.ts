import { SharedArray } from 'k6/data'
import encoding from 'k6/encoding'
import { type Account, type AccountsSource, readAccounts } from './accounts.ts'
import { requirePool } from './pool.ts'
import type { Settings } from './settings.ts'
import { spelledOtherwise } from './spellings.ts'
import { type Customer, setState } from './states.ts'

/** Asks for no more at once: hashing passwords takes the target some time. */
const AT_ONCE = 1000

/**
 * The accounts of a variable or a file, read once for all VUs; empty without them, and where a provider state makes
 * customers. In the init context only.
 * @throws {Error} the file is missing, or the accounts are wrong
 */
export function openAccounts(settings: Settings): readonly Account[] {
  const source = accountsSource(settings)
  if (source === undefined || settings.statesUrl !== undefined) return []
  const { accounts, accountsFile = '' } = settings
  return new SharedArray('accounts', () => readAccounts(accounts ?? open(accountsFile), source))
}

function accountsSource({ accounts, accountsFile }: Settings): AccountsSource | undefined {
  return accounts !== undefined ? 'ACCOUNTS' : accountsFile !== undefined ? 'ACCOUNTS_FILE' : undefined
}

/**
 * Registered customers for a run: made by a provider state, or from the accounts.
 * @param need how many the run uses
 * @param why ends the sentence "N are needed, …"
 * @param accounts the rows that may be used; empty where there are no accounts
 * @throws {Error} there are too few
 */
export async function registeredCustomers(
  settings: Settings,
  accounts: readonly Account[],
  need: number,
  why: string,
): Promise<Customer[]> {
  if (need === 0) return []
  if (settings.customers !== undefined) {
    requirePool('customers', settings.customers, need, why, `set CUSTOMERS to ${need}, or leave it out`)
  }
  const { statesUrl } = settings
  if (statesUrl !== undefined) return makeCustomers(statesUrl, settings.customers ?? need)
  const source = accountsSource(settings)
  requirePool(
    'customers',
    accounts.length,
    need,
    why,
    source === undefined ? 'set STATES_URL, or ACCOUNTS_FILE' : `add accounts to ${source}, or lower RATE`,
  )
  return accounts.slice(0, settings.customers ?? need).map(({ login, password, customerId }) => ({
    basic: encoding.b64encode(`${login}:${password}`),
    customerId,
  }))
}

async function makeCustomers(statesUrl: string, count: number): Promise<Customer[]> {
  const made: Customer[] = []
  while (made.length < count) {
    const { customers } = await setState(statesUrl, 'registered customers', {
      count: Math.min(AT_ONCE, count - made.length),
    })
    if (customers.length === 0) throw new Error('STATES_URL: "registered customers" made no customer')
    // Only what a login needs goes into the data of setup(), which k6 writes into some of its exports.
    made.push(...customers.map(({ basic, customerId }) => ({ basic, customerId })))
  }
  return made
}

/** The same login with another password; each `index` gives another one. */
export function wrongPassword(basic: string, index: number): string {
  return encoding.b64encode(`${encoding.b64decode(basic, 'std', 's')}-${index}`)
}

/** The same customer with the login written in other ways. */
export function spellingsOf({ basic, customerId }: Customer): Customer[] {
  const [, login = '', password = ''] = /^([^:]*):(.*)$/s.exec(encoding.b64decode(basic, 'std', 's')) ?? []
  return spelledOtherwise(login).map((spelling) => ({
    customerId,
    basic: encoding.b64encode(`${spelling}:${password}`),
  }))
}
