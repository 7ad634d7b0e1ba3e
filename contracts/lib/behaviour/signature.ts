import { expect } from 'chai'
import { compactVerify, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import type { Verification } from '../../../src/target/verification.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { NotProvable } from './outcome.ts'

/** Verifies the signatures of a run's tokens; a key set is fetched once. */
export class SignatureVerifier {
  readonly #verification: Verification
  readonly #keys: JWTVerifyGetKey | undefined

  constructor(verification: Verification) {
    this.#verification = verification
    this.#keys = verification.kind === 'jwks' ? createRemoteJWKSet(new URL(verification.url)) : undefined
  }

  /**
   * The signature alone: what the token claims is another clause's matter.
   * @throws an assertion unless the signature verifies with a configured key and algorithm
   * @throws {NotProvable} no key is configured
   * @throws {HarnessError} TARGET `KEYS_UNREACHABLE`: the key set could not be fetched
   */
  async expectValid(token: string): Promise<void> {
    const verification = this.#verification
    if (verification.kind === 'opaque')
      throw new NotProvable('token.verification is opaque: no key is configured to verify signatures with')
    const options = { algorithms: [...verification.algorithms] }
    try {
      if (verification.kind === 'secret') await compactVerify(token, verification.secret, options)
      else if (this.#keys) await compactVerify(token, this.#keys, options)
    } catch (error) {
      expect.fail(`the signature verifies: ${signatureProblem(error)}`)
    }
  }
}

/** @throws what is no fault of the signature */
function signatureProblem(error: unknown): string {
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey
  )
    return error.message
  throw new HarnessError('TARGET', 'KEYS_UNREACHABLE', `the key set could not be fetched: ${String(error)}`, {
    cause: error,
  })
}
