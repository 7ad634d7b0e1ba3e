import { isCertificateReason } from '../client/certificate-reasons.ts'
import { HarnessError } from '../verdict/errors.ts'
import type { Broker } from './broker.ts'

/** The errors of every command: the broker is down or will not have us. Neither is a verdict on a contract. */

export function brokerUnreachable(broker: Broker, why: string, cause?: unknown): HarnessError {
  if (isCertificateReason(why))
    return new HarnessError(
      'TARGET',
      'BROKER_CERTIFICATE',
      `The broker at ${broker.baseUrl} shows a certificate that is not trusted: ${why}.`,
      { remedy: 'A private authority is trusted by broker.caFile in the configuration.', cause },
    )
  return new HarnessError(
    'TARGET',
    'BROKER_UNREACHABLE',
    `The broker at ${broker.baseUrl} cannot be reached: ${why}.`,
    { remedy: 'Check PACT_BROKER_BASE_URL, and that the broker runs.', cause },
  )
}

/** @param what was asked, and what it said */
export function brokerFailed(broker: Broker, what: string): HarnessError {
  return new HarnessError('TARGET', 'BROKER_FAILED', `The broker at ${broker.baseUrl} failed: ${what}.`, {
    remedy: "Try again later; the reason stands in the broker's log.",
  })
}

/** @param status 401: it does not know us; 403: it does, and we may not; 400: it takes another kind of credentials */
export function credentialsRefused(broker: Broker, status: 400 | 401 | 403): HarnessError {
  const names = 'PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD'
  return broker.authorization() === undefined
    ? new HarnessError(
        'CONFIG',
        'BROKER_CREDENTIALS_REFUSED',
        `The broker at ${broker.baseUrl} wants credentials (${status}).`,
        { remedy: `Set ${names}.` },
      )
    : new HarnessError(
        'CONFIG',
        'BROKER_CREDENTIALS_REFUSED',
        `The broker at ${broker.baseUrl} refuses the credentials (${status}).`,
        { remedy: `Check ${names}${status === 403 ? ', and what this user may do' : ''}.` },
      )
}
