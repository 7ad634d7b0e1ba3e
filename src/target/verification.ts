/** How this run verifies a token's signature (clause TOKEN-5), with the key at hand. */
export type Verification =
  | { kind: 'opaque' }
  | { kind: 'secret'; secret: Uint8Array; algorithms: readonly string[] }
  | { kind: 'jwks'; url: string; algorithms: readonly string[] }
