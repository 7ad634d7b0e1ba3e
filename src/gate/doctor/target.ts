import { CustomersClient } from '../../client/customers-client.ts'
import { ClientError } from '../../client/errors.ts'
import { guestRequest } from '../../client/guest-request.ts'
import { type RawResponse, sendRequest } from '../../client/send-request.ts'
import { readFault } from '../../ocapi/fault.ts'
import { parsedJson } from '../../ocapi/json.ts'
import { isOfTheApi, kindOf, NO_DOCUMENT } from '../../ocapi/response.ts'
import type { Account } from '../../target/accounts/accounts.ts'
import { checkReachable } from '../../target/guard/reachable.ts'
import { assertStatesUrl, HARMLESS } from '../../target/states/probe.ts'
import { type ProviderStateName, StateNotProvable } from '../../target/states/states.ts'
import type { Target } from '../../target/target.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { redactText } from '../../verdict/redact.ts'
import { LOCKABLE_USED_BY } from '../load-accounts.ts'
import { shippedScenarios } from '../scenarios.ts'
import { loadStage } from '../stages/load.ts'
import type { Examination } from './examination.ts'

/**
 * What a run needs of the target before it starts: the part of the doctor that the gate runs first.
 * @param needs the provider states that its stages ask for
 */
export async function preflight(target: Target, needs: readonly ProviderStateName[] = []): Promise<void> {
  await checkReachable(target)
  await assertStatesUrl(target, needs)
  const answer = await guestAnswer(target)
  assertShop(target, answer)
  assertClientId(answer)
}

export function targetExaminations(target: Target, accounts: readonly Account[]): Examination[] {
  return [
    {
      title: 'the target is reachable',
      decisive: true,
      examine: async () => {
        await checkReachable(target)
        return target.baseUrl
      },
    },
    { title: 'the shop is there', decisive: true, examine: () => examineShop(target) },
    { title: 'the client id is accepted', examine: () => examineClientId(target) },
    ...(target.statesUrl === undefined
      ? []
      : [
          {
            title: 'the states URL is one',
            decisive: true as const,
            examine: async () => {
              await assertStatesUrl(target, STATE_NAMES)
              return String(target.statesUrl)
            },
          },
          ...STATE_NAMES.map((state) => examineState(target, state)),
        ]),
    ...(accounts.length === 0
      ? []
      : [{ title: 'the accounts log in', examine: () => examineAccounts(target, accounts) }]),
    { title: 'the clocks agree', examine: () => examineClock(target) },
    ...(target.config.gate.stages.includes('load')
      ? [{ title: 'the gate may and can load it', examine: async () => examineLoad(target) }]
      : []),
  ]
}

function clientOf({ shopUrl, config }: Target): CustomersClient {
  return new CustomersClient({
    shopUrl,
    clientId: config.target.clientId,
    timeoutMs: config.target.timeoutSeconds * 1000,
  })
}

const CLIENT_ID_FAULTS = new Set([
  'MissingClientIdException',
  'UnknownClientIdException',
  'InvalidClientIdException',
  'ClientAccessForbiddenException',
])

/** What would end the gate before its first request. */
function examineLoad(target: Target): string {
  const { gate } = target.config
  const scenarios = shippedScenarios.filter(({ name }) => gate.scenarios?.includes(name) ?? true)
  const lockableUsedBefore = LOCKABLE_USED_BY.verify + LOCKABLE_USED_BY.check
  loadStage({ scenarios, profile: 'smoke', lockableUsedBefore }).assertReady?.(target)
  return scenarios.map(({ name }) => name).join(', ')
}

/** What names the address of the Shop API; an unknown version may also be answered as an unknown site, or a path. */
const ADDRESS_FAULTS = new Set([
  'UnknownSiteIdException',
  'UnknownSiteException',
  'SiteNotFoundException',
  'SiteOfflineException',
  'InvalidVersionException',
  'NotFoundException',
])

/** @throws {HarnessError} TARGET `TARGET_NOT_THE_API` what answers is not the API; CONFIG `SITE_REFUSED` */
async function examineShop(target: Target): Promise<string> {
  assertShop(target, await guestAnswer(target))
  return redactText(target.shopUrl)
}

/** @throws {HarnessError} CONFIG `CLIENT_ID_REFUSED` */
async function examineClientId(target: Target): Promise<string> {
  assertClientId(await guestAnswer(target))
  return 'in x-dw-client-id'
}

/** Whatever else is wrong with the answer is for the checks to find. */
function assertShop(target: Target, { status, headers, body }: RawResponse): void {
  const { siteId, apiVersion } = target.config.target
  const response = { status, contentType: headers.get('content-type') ?? undefined, body }
  if (!isOfTheApi(response)) {
    throw new HarnessError(
      'TARGET',
      'TARGET_NOT_THE_API',
      `the target answers ${kindOf(response)} to a guest request, ${NO_DOCUMENT}`,
      { remedy: remedyFor(target, status) },
    )
  }
  const type = faultTypeOf(body)
  if (status === 404 || (type !== undefined && ADDRESS_FAULTS.has(type))) {
    throw new HarnessError(
      'CONFIG',
      'SITE_REFUSED',
      `the target has no Shop API for the site "${siteId}" and the version ${apiVersion}: ${status} ${type ?? 'without a fault'}`,
      {
        remedy:
          'set target.siteId (--site), target.apiVersion (--api-version) and target.shopPath (--shop-path) to what the target has',
      },
    )
  }
}

function assertClientId({ status, body }: RawResponse): void {
  const type = faultTypeOf(body)
  if (type === undefined || !CLIENT_ID_FAULTS.has(type)) return
  throw new HarnessError(
    'CONFIG',
    'CLIENT_ID_REFUSED',
    `the target refuses target.clientId: ${status} ${type}`,
    {
      remedy: 'set target.clientId (--client-id) to a client that may post /customers/auth, or grant it that',
    },
  )
}

function faultTypeOf(body: string): string | undefined {
  return readFault(parsedJson(body))?.type
}

/** What to look at, by what the status tells of the one who answers. */
function remedyFor({ shopUrl, config }: Target, status: number): string {
  const { siteId, apiVersion } = config.target
  if (status === 404)
    return (
      `see that ${redactText(shopUrl)} is the Shop API: target.baseUrl, the site "${siteId}" (--site) and the` +
      ` version ${apiVersion} (--api-version)`
    )
  if (status >= 300 && status <= 399)
    return 'set target.baseUrl (--target) to where the redirect leads, if that is the Shop API: a login page is not'
  if (status === 403 || status === 429) return 'ask for a pass of the firewall that stands before the target'
  if (status >= 500) return 'wait for the end of the maintenance, or look at the gateway before the target'
  return 'see what answers at target.baseUrl (--target): a login page, a maintenance page or another service'
}

async function guestAnswer({ shopUrl, config }: Target): Promise<RawResponse> {
  try {
    return await sendRequest({
      ...guestRequest({ shopUrl, clientId: config.target.clientId }),
      timeoutMs: config.target.timeoutSeconds * 1000,
    })
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    throw new HarnessError(
      'TARGET',
      'TARGET_UNREACHABLE',
      `a guest request got no answer: ${error.message}`,
      { cause: error },
    )
  }
}

const STATE_NAMES = Object.keys(HARMLESS) as ProviderStateName[]

function examineState(target: Target, state: ProviderStateName): Examination {
  return {
    title: `the states URL knows "${state}"`,
    // The gate goes on without it, and so the doctor does.
    optional: true,
    async examine() {
      try {
        await target.states.setUp(state, HARMLESS[state])
        return 'set up'
      } catch (error) {
        if (!(error instanceof StateNotProvable)) throw error
        throw new HarnessError('TARGET', 'STATE_UNKNOWN', error.message, {
          remedy: 'clauses that need it will be reported as not provable here',
        })
      }
    },
  }
}

/** One login an account, with its own password, and none after the first that is refused: a wrong file must lock nobody. */
async function examineAccounts(target: Target, accounts: readonly Account[]): Promise<string> {
  const client = clientOf(target)
  for (const [index, { login, password }] of accounts.entries()) {
    const basic = Buffer.from(`${login}:${password}`).toString('base64')
    try {
      await client.postCustomersAuth({ type: 'credentials' }, `Basic ${basic}`)
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      throw new HarnessError(
        'CONFIG',
        'ACCOUNT_REFUSED',
        `account ${index + 1} of ${accounts.length} does not log in: ${error.message}`,
        {
          remedy: 'mend its login or password in the accounts file; no further account was tried',
          cause: error,
        },
      )
    }
  }
  return `${accounts.length} of ${accounts.length}`
}

/** By the Date header, whose resolution is a second. */
async function examineClock({ baseUrl, statesUrl, config }: Target): Promise<string> {
  const sent = Date.now()
  const { headers } = await sendRequest({
    method: 'GET',
    url: baseUrl,
    timeoutMs: config.target.timeoutSeconds * 1000,
  })
  const date = headers.get('date')
  const theirs = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(theirs)) {
    throw new HarnessError(
      'TARGET',
      'NO_CLOCK',
      'the target sends no Date header, so its clock is not known',
      {
        remedy: 'checks of iat and exp then use the clock of this machine: keep both by NTP',
      },
    )
  }
  const ahead = (theirs - (sent + Date.now()) / 2) / 1000
  const skew = Math.max(0, Math.abs(ahead) - 1)
  // The states URL moves it forward, and an earlier run may have: the checks reckon with the clock of the target.
  if (skew > config.token.clockToleranceSeconds && ahead > 0 && statesUrl !== undefined)
    return `the target's is ${skew.toFixed(0)} s ahead: its states URL can move it ("time passes"), as earlier runs do`
  if (skew > config.token.clockToleranceSeconds) {
    throw new HarnessError(
      'TARGET',
      'CLOCK_SKEW',
      `the target's clock is ${skew.toFixed(0)} s off this machine's`,
      {
        remedy: 'set both by NTP, or raise token.clockToleranceSeconds',
      },
    )
  }
  return `within ${Math.ceil(skew + 1)} s`
}
