import type { Part } from '../src/ocapi/problem.ts'

/** How a clause can be proved: by the compiler, by a pact, by a stateful check, by a load scenario. */
export type Proof = 'types' | 'contract' | 'behaviour' | 'load'

/** critical: a customer's account or token is at risk when it is broken; major: everything else. */
type Severity = 'critical' | 'major'

export interface Clause {
  readonly id: string
  /** One sentence that can be proved or broken. */
  readonly text: string
  readonly source: string
  readonly severity: Severity
  /** Every way in which this harness has to prove it; the build fails where one is missing. */
  readonly proofs: readonly Proof[]
  /**
   * Where an interaction of a pact proves it: what of an answer it is about. What is wrong elsewhere in the answer breaks
   * other clauses. None: the request is what it is about, which the consumer specs prove.
   */
  readonly about?: readonly Part[]
}

/** The catalogue. Everything else refers to it by id; ids and texts are an interface and do not change. */
export const CLAUSES = [
  {
    id: 'SDK-1',
    text: 'postCustomersAuth(body: AuthRequest, authorization?: string, options?: RequestOptions): Promise<PoqResponse<Customer>>',
    source: 'SDK description (postCustomersAuth)',
    severity: 'major',
    proofs: ['types', 'contract'],
    about: [],
  },
  {
    id: 'SDK-2',
    text: 'authorization carries Basic for credentials and Bearer for refresh; options override the HTTP request (headers, cookies, timeout, signal)',
    source: 'SDK description (postCustomersAuth)',
    severity: 'major',
    proofs: ['contract'],
    about: [],
  },
  {
    id: 'TOKEN-1',
    text: 'the token comes back in the response header Authorization: Bearer <token>',
    source: 'API description',
    severity: 'major',
    proofs: ['contract'],
    about: ['bearer'],
  },
  {
    id: 'TOKEN-2',
    text: 'three sections: a header (type and algorithm), a payload (customer information, client id, issue and expiration time), a signature',
    source: 'API description',
    severity: 'major',
    proofs: ['contract', 'behaviour'],
    about: ['token'],
  },
  {
    id: 'TOKEN-3',
    text: 'iss is the client id; exp - iat is the token lifetime; iat is now, within a tolerance for clock skew',
    source: 'API description; OCAPI documentation: JWT (30 minutes)',
    severity: 'major',
    proofs: ['behaviour'],
  },
  {
    id: 'TOKEN-4',
    text: "the customer in the token's sub is the customer in the body, with the right guest flag",
    source: 'OCAPI documentation: JWT; observed tokens',
    severity: 'critical',
    proofs: ['behaviour', 'load'],
  },
  {
    id: 'TOKEN-5',
    text: 'where a verification key is configured, the signature verifies, with the configured algorithm only',
    source: 'API description; project design (signatures are opaque to clients unless a key is configured)',
    severity: 'critical',
    proofs: ['behaviour'],
  },
  {
    id: 'GUEST-1',
    text: 'a guest request answers 200 with a guest customer',
    source: 'API description',
    severity: 'major',
    proofs: ['contract'],
    about: ['status', 'customer'],
  },
  {
    id: 'GUEST-2',
    text: 'every guest request creates a new customer, under concurrency too',
    source: 'API description',
    severity: 'major',
    proofs: ['behaviour', 'load'],
  },
  {
    id: 'CRED-1',
    text: 'valid Basic credentials answer 200 with that registered customer and a token',
    source: 'API description',
    severity: 'major',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'customer', 'bearer'],
  },
  {
    id: 'CRED-2',
    text: 'a wrong password, an unknown login, a missing or malformed Basic header: AuthenticationFailedException (401), and no token on the response',
    source: 'API description',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'fault type', 'leak'],
  },
  {
    id: 'CRED-3',
    text: "a login updates the profile's last visit and last login times",
    source: 'API description',
    severity: 'major',
    proofs: ['behaviour'],
  },
  {
    id: 'CRED-4',
    text: 'only the password itself is let in: not one in other letter case, with a blank before or after it, cut short, with a character more, or a long one by its first 72 bytes',
    source: 'project design, from CRED-2',
    severity: 'critical',
    proofs: ['behaviour'],
  },
  {
    id: 'LOCK-1',
    text: 'after the maximum number of consecutive failed logins the customer is locked: the right password is refused too',
    source: 'API description; B2C Commerce documentation: customer lists (maximum invalid login attempts)',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'leak'],
  },
  {
    id: 'LOCK-2',
    text: 'never more than the maximum of wrong attempts is let through to a decision, also when they arrive at the same moment',
    source: 'project design, from LOCK-1 under concurrency',
    severity: 'critical',
    proofs: ['load'],
  },
  {
    id: 'LOCK-3',
    text: 'a lock holds one customer only; others log in as before',
    source: 'project design, from LOCK-1',
    severity: 'critical',
    proofs: ['behaviour', 'load'],
  },
  {
    id: 'LOCK-4',
    text: 'a lock holds for its whole period under load, whatever other customers fail meanwhile, and however many they are',
    source: 'project design, from LOCK-6 under load',
    severity: 'critical',
    proofs: ['load'],
  },
  {
    id: 'LOCK-5',
    text: 'a success resets the count: max-1 failures, a success, max-1 failures leave the customer unlocked',
    source: 'B2C Commerce documentation: customer lists (consecutive attempts)',
    severity: 'major',
    proofs: ['behaviour'],
  },
  {
    id: 'LOCK-6',
    text: 'a lock ends with its period, and the customer then has all attempts again',
    source: 'B2C Commerce documentation: customer lists (lockout effective period)',
    severity: 'critical',
    proofs: ['behaviour'],
  },
  {
    id: 'LOCK-7',
    text: 'failures count as consecutive however much time lies between them, until the configured reset time has passed without one; then the count is 0 again',
    source: 'B2C Commerce documentation: customer lists (login attempt reset time)',
    severity: 'critical',
    proofs: ['behaviour'],
  },
  {
    id: 'LOCK-8',
    text: 'a customer is one, however the login is written: where another spelling of it is let in (letter case, blanks around it, a compatibility form), failures under that spelling count for the same customer',
    source: 'project design, from LOCK-1',
    severity: 'critical',
    proofs: ['behaviour', 'load'],
  },
  {
    id: 'SESS-1',
    text: "active session cookies dwsid and dwsecuretoken_<hex> answer 200 with the session's customer, guest or registered, and a token",
    source: 'API description',
    severity: 'major',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'customer', 'bearer'],
  },
  {
    id: 'SESS-2',
    text: 'an expired session: AuthenticationFailedException, no token',
    source: 'API description',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'fault type', 'leak'],
  },
  {
    id: 'SESS-3',
    text: "a missing, wrong or another session's dwsecuretoken: AuthenticationFailedException, no token",
    source: 'API description',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'fault type', 'leak'],
  },
  {
    id: 'SESS-4',
    text: 'a dwsecuretoken never used in an earlier HTTPS request with that dwsid: AuthenticationFailedException, no token',
    source: 'API description',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'fault type', 'leak'],
  },
  {
    id: 'SESS-5',
    text: "a session request does not touch the profile's last visit and last login times",
    source: 'API description',
    severity: 'major',
    proofs: ['behaviour'],
  },
  {
    id: 'SESS-6',
    text: 'several requests with one session answer different tokens',
    source: 'API description',
    severity: 'major',
    proofs: ['behaviour', 'load'],
  },
  {
    id: 'REFR-1',
    text: 'a valid Bearer token answers 200 with a new token',
    source: 'API description',
    severity: 'major',
    proofs: ['contract'],
    about: ['status', 'customer', 'bearer'],
  },
  {
    id: 'REFR-2',
    text: 'the new token is another token, expires later, and names the same customer',
    source: 'API description',
    severity: 'major',
    proofs: ['behaviour', 'load'],
  },
  {
    id: 'REFR-3',
    text: 'an expired token, an altered payload, an altered signature, alg: none, no header, another scheme: declined (401), no token',
    source: 'API description',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'leak'],
  },
  {
    id: 'REFR-4',
    text: "under load a refresh never answers another customer's token",
    source: 'project design, from REFR-2 under load',
    severity: 'critical',
    proofs: ['load'],
  },
  {
    id: 'USE-1',
    text: 'a follow-up request (GET /customers/{customer_id}) with the token answers 200 with that customer, with the refreshed token too',
    source: 'API description',
    severity: 'major',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'customer'],
  },
  {
    id: 'USE-2',
    text: 'a follow-up request without a token is declined',
    source: 'API description',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'leak'],
  },
  {
    id: 'USE-3',
    text: "a follow-up request whose token's signature does not verify, or that has expired, is declined",
    source: 'API description',
    severity: 'critical',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'leak'],
  },
  {
    id: 'USE-4',
    text: 'a token reads its own customer only',
    source: 'OCAPI documentation: JWT; project design',
    severity: 'critical',
    proofs: ['behaviour'],
  },
  {
    id: 'FAULT-1',
    text: 'every failure answers a fault document {fault: {type, message, arguments?}} as JSON with a status of 4xx',
    source: 'OCAPI documentation: HTTP status codes and faults',
    severity: 'major',
    proofs: ['contract', 'behaviour'],
    about: ['fault'],
  },
  {
    id: 'FAULT-2',
    text: 'an unknown type, a type that is no text, no type, a body that is not JSON, another JSON value than an object: 400, never 5xx, no token',
    source: 'OCAPI documentation: exceptions',
    severity: 'major',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'leak'],
  },
  {
    id: 'FAULT-3',
    text: 'no client id: 400; an unknown one: 401',
    source: 'OCAPI documentation: client application identification',
    severity: 'major',
    proofs: ['contract', 'behaviour'],
    about: ['status', 'leak'],
  },
  {
    id: 'LOAD-1',
    text: 'token issuance and refresh hold their thresholds (error rate, p95, p99, achieved rate) under the chosen profile, and every token issued under load keeps TOKEN-1, TOKEN-2, TOKEN-4 and is unique',
    source: 'project design',
    severity: 'major',
    proofs: ['load'],
  },
] as const satisfies readonly Clause[]

export type ClauseId = (typeof CLAUSES)[number]['id']

const byId: ReadonlyMap<string, Clause> = new Map(CLAUSES.map((clause) => [clause.id, clause]))

export function findClause(id: string): Clause | undefined {
  return byId.get(id)
}
