import { check } from 'k6'
import { type AuthAnswer, readAnswer, tokenMatchesBody } from './answer.ts'
import { tokenReader } from './decode.ts'
import { fingerprint, Memory } from './memory.ts'
import type { Response } from './shop.ts'

const reader = tokenReader()
/** Of this VU alone: VUs share nothing. */
const seenTokens = new Memory()

const ISSUED = {
  'TOKEN-1: the header Authorization holds a bearer token': ({ token }: AuthAnswer) => token !== undefined,
  'TOKEN-2: the token has its three sections with all their members': ({ claims }: AuthAnswer) =>
    claims !== undefined,
  'TOKEN-4: the token names the customer of the body with the right guest flag': tokenMatchesBody,
}
const ONCE = {
  'LOAD-1: no token is issued twice': (token: string) => seenTokens.isNew(fingerprint(token)),
}

/** Names of the checks that `readIssued` makes. */
export const ISSUED_CHECKS: readonly string[] = [...Object.keys(ISSUED), ...Object.keys(ONCE)]

/**
 * Reads an answer that should issue a token, and checks what every issued token has to keep.
 * @returns undefined for any other status than 200, which `http_req_failed` counts
 */
export function readIssued(response: Response): AuthAnswer | undefined {
  if (response.status !== 200) return undefined
  const answer = readAnswer(reader, response)
  check(answer, ISSUED)
  if (answer.token !== undefined) check(answer.token, ONCE)
  return answer
}
