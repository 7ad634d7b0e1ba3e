import { z } from 'zod'
import { HarnessError } from '../verdict/errors.ts'
import type { Broker } from './broker.ts'
import { type HalDocument, parseAnswer, request, requireLink } from './http.ts'

/** @throws {HarnessError} CONFIG PACTICIPANT_UNKNOWN */
export async function requirePacticipant(
  broker: Broker,
  index: HalDocument,
  pacticipant: string,
): Promise<void> {
  await request(broker, requireLink(index, 'pb:pacticipant', { pacticipant }), {
    refusals: { 404: () => unknownPacticipant(pacticipant) },
  })
}

export function unknownPacticipant(pacticipant: string): HarnessError {
  return new HarnessError(
    'CONFIG',
    'PACTICIPANT_UNKNOWN',
    `The broker knows no pacticipant "${pacticipant}".`,
    {
      remedy: 'A pacticipant comes into being with its first pact: check the spelling, or publish first.',
    },
  )
}

/** @throws {HarnessError} CONFIG VERSION_UNKNOWN */
export async function requireVersion(
  broker: Broker,
  index: HalDocument,
  pacticipant: string,
  version: string,
): Promise<void> {
  await request(broker, requireLink(index, 'pb:pacticipant-version', { pacticipant, version }), {
    refusals: {
      404: () =>
        new HarnessError(
          'CONFIG',
          'VERSION_UNKNOWN',
          `The broker knows no version "${version}" of "${pacticipant}".`,
          {
            remedy: 'Publish a pact of this version, or verification results by it, first.',
          },
        ),
    },
  })
}

const environmentsSchema = z.object({
  _embedded: z.object({ environments: z.array(z.object({ name: z.string() })) }),
})

/** @throws {HarnessError} CONFIG ENVIRONMENT_UNKNOWN, which names those that there are */
export async function requireEnvironment(
  broker: Broker,
  index: HalDocument,
  environment: string,
): Promise<void> {
  const answer = await request(broker, requireLink(index, 'pb:environments'))
  const known = parseAnswer(environmentsSchema, answer, 'list of environments')._embedded.environments.map(
    ({ name }) => name,
  )
  if (!known.includes(environment)) {
    const list = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
    throw new HarnessError(
      'CONFIG',
      'ENVIRONMENT_UNKNOWN',
      `The broker knows no environment "${environment}": ${list}.`,
      {
        remedy: `Check the spelling, or make it: npx pact broker create-environment --name ${environment}`,
      },
    )
  }
}
