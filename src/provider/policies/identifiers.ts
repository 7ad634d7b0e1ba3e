import { randomHex, randomText } from './random.ts'

/** Makes the names of things. Each is new every time, whoever asks and however many ask at once. */
export interface Identifiers {
  /** 26 letters and digits, as observed. */
  customerId(): string
  /** 16 hex digits that open every visit id of one visit. */
  visit(): string
  /**
   * 26 hex digits, as observed: the visit, then the number of the token. No two tokens have one visit id, so no
   * two tokens are equal, although `iat` counts whole seconds and the documented claims hold nothing random. The
   * vendor says nothing of a visit id on refresh; here the visit stays and the number moves on.
   */
  visitId(visit: string): string
}

export function createIdentifiers(): Identifiers {
  let tokens = 0
  return {
    customerId: () => randomText(26),
    visit: () => randomHex(16),
    visitId: (visit) => visit + (++tokens).toString(16).padStart(10, '0'),
  }
}

/** The visit that a visit id belongs to. */
export function visitOf(visitId: string): string {
  return visitId.slice(0, 16)
}
