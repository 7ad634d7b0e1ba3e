import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PactV4 } from '@pact-foundation/pact'
import type { ParamsOf, ProviderStateName } from '../../../../src/target/states/states.ts'
import type { ClauseId } from '../../../clauses.ts'
import { CLAUSES_COMMENT, PREREQUISITE_COMMENT, RAW_BODY_COMMENT } from '../pact-file.ts'
import { exampleOf, toPact } from './from-state.ts'
import type { Outcome, RequestSpec } from './requests.ts'
import type { ResponseSpec } from './responses.ts'

const CONSUMER = 'customers-client'
const PROVIDER = 'ocapi-shop'

/** A provider state and its parameters. */
type Given = { [Name in ProviderStateName]: readonly [Name, ParamsOf<Name>] }[ProviderStateName]

interface InteractionSpec {
  /** What it proves; carried in the pact as a comment, which every verifier prints. */
  readonly clauses: readonly [ClauseId, ...ClauseId[]]
  readonly given?: Given
  /** What the provider receives, as a noun phrase; unique in the contract. */
  readonly description: string
  readonly request: RequestSpec
  readonly response: ResponseSpec
  /**
   * Of a refusal: description of the interaction in which the same request, valid, is accepted. Unless that one
   * holds, the refusal shows nothing.
   */
  readonly prerequisite?: string
}

/** Descriptions of all interactions that this process has declared. */
export const declared: string[] = []

/** The folder that the pact is written to; a spec file that mocha runs by itself writes where nobody looks. */
const dir = process.env.PACT_DIR ?? mkdtempSync(join(tmpdir(), 'pacts-'))
const options: ConstructorParameters<typeof PactV4>[0] = {
  consumer: CONSUMER,
  provider: PROVIDER,
  dir,
  logLevel: 'error',
}

/** One interaction of the contract, and the mocha test that runs the client against it. */
export function interaction(spec: InteractionSpec): void {
  declared.push(spec.description)
  it(spec.description, () => run(spec))
}

async function run({
  clauses,
  given,
  description,
  request,
  response,
  prerequisite,
}: InteractionSpec): Promise<void> {
  const contentType = exampleOf(request.headers['Content-Type'] ?? '')
  const draft = new PactV4(options).addInteraction().uponReceiving(description)
  if (given !== undefined) draft.given(given[0], { ...given[1] })
  draft.comment(`${CLAUSES_COMMENT}${clauses.join(', ')}`)
  if (prerequisite !== undefined) draft.comment(`${PREREQUISITE_COMMENT}${prerequisite}`)
  if (request.rawBody !== undefined)
    draft.comment({ key: RAW_BODY_COMMENT, value: JSON.stringify(request.rawBody) })
  let sent: PromiseSettledResult<Outcome>[] = []
  await draft
    .withRequest(request.method, toPact(request.path) as string, (builder) => {
      builder.headers(record(request.headers))
      if (request.query !== undefined) builder.query(record(request.query))
      if (request.body === undefined) return
      if (contentType === 'application/json') builder.jsonBody(request.body)
      else builder.body(contentType, Buffer.from(JSON.stringify(request.body)))
    })
    .willRespondWith(response.status, (builder) => {
      builder.headers(response.headers)
      builder.jsonBody(response.body)
    })
    .executeTest(async (mock) => {
      // Thrown inside, an error of the client would hide what Pact has against the request.
      sent = await Promise.allSettled([request.send(mock.url)])
    })
  const [outcome] = sent
  if (outcome?.status === 'rejected') throw outcome.reason
  if (outcome !== undefined) response.expect(outcome.value)
}

function record(texts: RequestSpec['headers']): Record<string, string> {
  // Matchers are objects; Pact's types know only some of those that its core reads.
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, toPact(text)])) as Record<
    string,
    string
  >
}
