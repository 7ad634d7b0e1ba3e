import { check } from 'k6'
import { type AuthAnswer, readAnswer, tokenMatchesBody } from './answer.ts'
import { tokenReader } from './decode.ts'
import { countForeign } from './foreign.ts'
import { createMemory, fingerprint } from './memory.ts'
import type { Profile } from './profiles.ts'
import type { Response } from './shop.ts'

const reader = tokenReader()
/** Of this VU alone: VUs share nothing. */
const seenTokens = createMemory()

const BEARER = {
  'TOKEN-1: the header Authorization holds a bearer token': ({ token }: AuthAnswer) => token !== undefined,
}
const SECTIONS = {
  'TOKEN-2: the token has its three sections with all their members': ({ claims }: AuthAnswer) =>
    claims !== undefined,
}
const ISSUED = {
  ...BEARER,
  ...SECTIONS,
  'TOKEN-4: the token names the customer of the body with the right guest flag': tokenMatchesBody,
}
const ONCE = {
  'LOAD-1: no token is issued twice': (token: string) => seenTokens.isNew(fingerprint(token)),
}
const NO_SERVER_ERROR = {
  'LOAD-1: no answer is a server error': ({ status }: Response) => status < 500,
}

/** What every answer that should issue a token is checked for. */
export interface IssuedChecks {
  /** Their names. */
  readonly names: readonly string[]
  /**
   * Reads an answer, and checks it.
   * @returns undefined for any other status than 200, which `http_req_failed` counts, and for what is no document of
   * the API, which is counted by its kind
   */
  readonly read: (response: Response) => AuthAnswer | undefined
}

export function issuedChecks(profile: Profile): IssuedChecks {
  // Smoke loads nobody to the limit, so one server error is one too many, however busy the generator's machine is.
  // Under the other profiles a share of them is allowed, by a threshold.
  const always = profile === 'smoke' ? NO_SERVER_ERROR : undefined
  return {
    names: [always ?? {}, ISSUED, ONCE].flatMap((checks) => Object.keys(checks)),
    read(response) {
      // The body of a good answer is parsed once.
      const answer = response.status === 200 ? readAnswer(reader, response) : undefined
      if (answer === undefined && countForeign(response)) return undefined
      if (always !== undefined) check(response, always)
      if (answer === undefined) return undefined
      if (answer.claims !== undefined) check(answer, ISSUED)
      else {
        // What a token lacks breaks TOKEN-2, and a token that is not there TOKEN-1; the rest was not seen.
        check(answer, BEARER)
        if (answer.token !== undefined) check(answer, SECTIONS)
      }
      if (answer.token !== undefined) check(answer.token, ONCE)
      return answer
    },
  }
}
