import type { ProviderSettings } from '../settings.ts'
import type { Grant } from './authentication.ts'
import type { Clock } from './clock.ts'
import type { Fault } from './fault.ts'
import { type CustomerDocument, documentVersion } from './profiles.ts'
import type { Sessions, ShopSession } from './sessions.ts'

/** An HTTP response as data. */
export interface Answer {
  status: number
  headers: Record<string, string | string[]>
  /** Absent: no content. */
  body?: string
}

/** Puts results into HTTP (clauses TOKEN-1, FAULT-1). */
export interface Answers {
  grant(grant: Grant): Answer
  customer(customer: CustomerDocument): Answer
  session(session: ShopSession): Answer
  noContent(): Answer
  options(allow: string): Answer
  fault(fault: Fault): Answer
}

const JSON_TYPE = 'application/json;charset=UTF-8'
const NO_STORE = 'max-age=0,no-cache,no-store,must-revalidate'
const HALF_A_YEAR = 15_552_000

export function createAnswers(
  settings: Pick<ProviderSettings, 'apiVersion'>,
  clock: Clock,
  sessions: Sessions,
): Answers {
  const version = documentVersion(settings.apiVersion)
  return {
    grant: ({ customer, token }) => ({
      status: 200,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': JSON_TYPE,
        'cache-control': NO_STORE,
        date: clock.httpDate(),
      },
      body: JSON.stringify(customer),
    }),
    customer: (customer) => ({
      status: 200,
      headers: { 'content-type': JSON_TYPE, 'cache-control': NO_STORE, date: clock.httpDate() },
      body: JSON.stringify(customer),
    }),
    session: ({ dwsid, secureToken, subject }) => ({
      status: 204,
      headers: {
        'set-cookie': [
          `${sessions.secureTokenName}=${secureToken}; Path=/; Secure; HttpOnly`,
          `dwsid=${dwsid}; Path=/; HttpOnly`,
          `${sessions.anonymousName}=${subject.customerId}; Max-Age=${HALF_A_YEAR}; Path=/`,
          '__cq_dnt=0; Path=/',
          'dw_dnt=0; Path=/',
        ],
        'cache-control': NO_STORE,
        date: clock.httpDate(),
      },
    }),
    noContent: () => ({ status: 204, headers: { 'cache-control': NO_STORE, date: clock.httpDate() } }),
    options: (allow) => ({ status: 204, headers: { allow, date: clock.httpDate() } }),
    fault: (fault) => ({
      status: fault.status,
      headers: {
        'content-type': JSON_TYPE,
        'cache-control': NO_STORE,
        date: clock.httpDate(),
        ...(fault.allow !== undefined && { allow: fault.allow }),
      },
      body: JSON.stringify({
        _v: version,
        fault: { arguments: fault.arguments, type: fault.type, message: fault.message },
      }),
    }),
  }
}
