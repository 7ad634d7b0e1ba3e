import type { Account } from '../target/accounts/accounts.ts'
import { StatesOverApi } from '../target/states/over-api.ts'
import type { Target } from '../target/target.ts'
import { HarnessError } from '../verdict/errors.ts'
import type { Scenario } from './scenarios.ts'

/** What a scenario of ours needs of a target without a states URL, under the profile smoke. */
interface AccountNeeds {
  readonly lasting: number
  readonly lockable: number
}

/** Measured by test/gate/load-accounts.test.ts, which runs the scripts without accounts. */
const SMOKE_NEEDS: Readonly<Record<string, AccountNeeds>> = {
  issuance: { lasting: 26, lockable: 0 },
  refresh: { lasting: 5, lockable: 0 },
  session: { lasting: 0, lockable: 0 },
  lockout: { lasting: 0, lockable: 306 },
  journey: { lasting: 12, lockable: 0 },
}

/** Lockable accounts that the pacts and the checks use up, all of them together; measured by the same test. */
export const LOCKABLE_USED_BY = { verify: 8, check: 12 } as const

/**
 * The accounts that a scenario of ours may use on a target without a states URL: what the checks before it locked is
 * not among them, and lockable ones are for the lockout alone.
 * @returns undefined where the script makes its customers itself, or reads the configured accounts
 */
export async function accountsForLoad(
  { states }: Target,
  scenario: Scenario,
): Promise<readonly Account[] | undefined> {
  if (!(states instanceof StatesOverApi) || !scenario.shipped) return undefined
  if (scenario.name === 'lockout') return states.takeUnlocked()
  return states.remainingAccounts.filter(({ lockable }) => !lockable)
}

/**
 * Before the first request: a scenario that has too few accounts could only end the run after everything else.
 * @param usedBefore lockable accounts that the stages before it use up
 * @throws {HarnessError} CONFIG `ACCOUNTS_TOO_FEW`, naming each scenario and `accounts.file`
 */
export function assertEnoughAccounts(
  { states }: Target,
  scenarios: readonly Scenario[],
  profile: string,
  usedBefore = 0,
): void {
  if (!(states instanceof StatesOverApi) || profile !== 'smoke') return
  const accounts = states.remainingAccounts
  const lockable = accounts.filter((account) => account.lockable).length
  const have: AccountNeeds = { lasting: accounts.length - lockable, lockable }
  const lacking = scenarios.flatMap(({ name, shipped }) => {
    const needs = shipped ? SMOKE_NEEDS[name] : undefined
    if (needs === undefined) return []
    return [
      ...(have.lasting < needs.lasting ? [`${name} ${needs.lasting} that are not lockable`] : []),
      ...(needs.lockable > 0 && have.lockable < needs.lockable + usedBefore
        ? [
            `${name} ${needs.lockable + usedBefore} that are lockable${usedBefore > 0 ? ` (${usedBefore} of them for the stages before it)` : ''}`,
          ]
        : []),
    ]
  })
  if (lacking.length === 0) return
  throw new HarnessError(
    'CONFIG',
    'ACCOUNTS_TOO_FEW',
    `accounts.file has ${have.lasting} accounts that are not lockable and ${have.lockable} that are; load needs: ${lacking.join('; ')}`,
    { remedy: 'add accounts, set target.statesUrl, or leave it out: --scenarios, --stages' },
  )
}

/** The script's own words about accounts, without its place in the source: the configuration is wrong, not the script. */
export function accountsError(error: unknown, scenario: Scenario, { states }: Target): unknown {
  if (!(error instanceof HarnessError) || error.code !== 'SCRIPT_EXCEPTION' || !scenario.shipped) return error
  const [, have, need] = /too few customers: there are (\d+) and (\d+) are needed/.exec(error.message) ?? []
  if (have === undefined) return error
  const locked = states instanceof StatesOverApi ? states.lockedAccounts : undefined
  return locked === undefined
    ? new HarnessError(
        'CONFIG',
        'ACCOUNTS_TOO_FEW',
        `accounts.file must have ${need} accounts for ${scenario.name}, and has ${have} that it may use`,
        { remedy: 'add accounts, or lower the rate (--rate)', cause: error },
      )
    : new HarnessError(
        'TARGET',
        'ACCOUNTS_LOCKED',
        `${scenario.name} needs ${need} lockable accounts, and ${have} are not locked: ${locked}`,
        { remedy: 'run again when they are free, or add lockable accounts to accounts.file', cause: error },
      )
}

/** As the accounts file would say it. */
export function csvOf(accounts: readonly Account[]): string {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = accounts.map(({ login, password, customerId, lockable }) =>
    [cell(login), cell(password), cell(customerId), lockable].join(','),
  )
  return ['login,password,customerId,lockable', ...lines, ''].join('\n')
}
