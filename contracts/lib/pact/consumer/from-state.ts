/**
 * A text that only the provider knows. The consumer spec runs with the example; at verification the expression is
 * filled from the values of the provider state (Pact's `fromProviderState`).
 */
export interface FromState {
  /** Such as `Basic {basic}`: names of values in braces. */
  readonly expression: string
  /** What the consumer spec sends or is sent; never a real secret. */
  readonly example: string
  /** What the value has to look like; matched against the whole value. */
  readonly pattern: RegExp
}

/** A text of a request: the same everywhere, or the provider's. */
export type Text = string | FromState

/** @param pattern anchored at both ends, without flags: Pact drops them */
export function fromState(expression: string, example: string, pattern: RegExp): FromState {
  return { expression, example, pattern }
}

export function exampleOf(text: Text): string {
  return typeof text === 'string' ? text : text.example
}

/**
 * Pact's own form. `MatchersV3.fromProviderState` matches by type only, so that the mock would accept any value; a
 * regular expression with the same generator is checked in the spec and replaced at verification.
 */
export function toPact(text: Text): string | object {
  return typeof text === 'string'
    ? text
    : {
        'pact:matcher:type': 'regex',
        regex: text.pattern.source,
        'pact:generator:type': 'ProviderState',
        expression: text.expression.replace(/\{(\w+)\}/g, (_, name) => `$\{${name}}`),
        value: text.example,
      }
}
