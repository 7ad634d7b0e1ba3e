import { z } from 'zod'
import { HarnessError } from '../verdict/errors.ts'
import type { Broker } from './broker.ts'
import { connect, parseAnswer, request, requireLink } from './http.ts'
import { unknownPacticipant } from './pacticipants.ts'
import { type ConsumerVersionSelector, defaultSelectors } from './selectors.ts'

export interface PactSelection {
  broker: Broker
  provider: string
  /** Absent: `defaultSelectors`. */
  consumerVersionSelectors?: readonly ConsumerVersionSelector[] | undefined
  /** This one pact instead of a selection: the URL that the broker's webhook names. */
  pactUrl?: string | undefined
  /** `--enable-pending`: a pact that this branch of the provider never kept may fail; default false. */
  enablePending?: boolean | undefined
  /** `--include-wip-pacts-since`, a date such as 2026-01-31: also the newest pacts of other branches, as pending ones. */
  includeWipPactsSince?: string | undefined
  /** `--branch` of the provider. */
  providerVersionBranch?: string | undefined
  signal?: AbortSignal | undefined
}

/** A pact that the broker gave out to be verified. */
export interface BrokerPact {
  consumer: string
  consumerVersion: string | undefined
  /** Its failure does not fail the build, since no version of this branch has kept it yet. */
  pending: boolean
  /** Why it is verified, in the broker's words. */
  notices: string[]
  /** The pact file, as the broker holds it. */
  content: Record<string, unknown>
  interactions: number
  /** Where its verification results are published; from the broker, so never elsewhere. */
  resultsUrl: string
}

const forVerificationSchema = z.object({
  _embedded: z.object({
    pacts: z.array(
      z.object({
        verificationProperties: z
          .object({
            pending: z.boolean().default(false),
            wip: z.boolean().default(false),
            notices: z.array(z.object({ when: z.string(), text: z.string() })).default([]),
          })
          .prefault({}),
        _links: z.object({ self: z.object({ href: z.string() }) }),
      }),
    ),
  }),
})

const pactSchema = z.looseObject({
  consumer: z.looseObject({ name: z.string() }),
  provider: z.looseObject({ name: z.string() }),
  interactions: z.array(z.unknown()),
  _links: z.record(z.string(), z.unknown()),
})

/**
 * The pacts that a provider has to keep. At least one, of at least one interaction each: that nothing was found
 * is no reason to say that all is well.
 * @throws {HarnessError} TARGET PACTS_NOT_FOUND; CONTRACT PACT_EMPTY; CONFIG PACTICIPANT_UNKNOWN,
 *   WIP_DATE_INVALID, PENDING_WITHOUT_BRANCH, PACT_URL_INVALID, and those of `connect`
 */
export async function pactsForVerification(selection: PactSelection): Promise<BrokerPact[]> {
  const { broker, provider, pactUrl, signal } = selection
  const chosen =
    pactUrl === undefined
      ? await choose(selection)
      : [{ href: pactUrlOf(pactUrl), pending: false, notices: [] }]
  const pacts = await Promise.all(
    chosen.map(async ({ href, pending, notices }) => {
      const answer = await request(broker, href, { signal, refusals: { 404: () => unknownPact(href) } })
      const pact = parseAnswer(pactSchema, answer, 'pact')
      return { ...describe(pact), pending, notices }
    }),
  )
  for (const pact of pacts) {
    const of = (pact.content.provider as { name: string }).name
    if (of !== provider) {
      throw new HarnessError(
        'CONFIG',
        'PACT_URL_INVALID',
        `The pact at ${pactUrl} is with "${of}", not with "${provider}".`,
      )
    }
    if (pact.interactions === 0) {
      throw new HarnessError(
        'CONTRACT',
        'PACT_EMPTY',
        `The pact of ${pact.consumer} ${pact.consumerVersion ?? ''} has no interaction.`,
        {
          remedy: 'Nothing can be verified by it; publish one that has some.',
        },
      )
    }
  }
  return pacts
}

async function choose(
  selection: PactSelection,
): Promise<{ href: string; pending: boolean; notices: string[] }[]> {
  const { broker, provider, providerVersionBranch: branch, includeWipPactsSince: wip, signal } = selection
  const enablePending = selection.enablePending ?? false
  const pendingOrWip = enablePending || wip !== undefined
  if (pendingOrWip && branch === undefined) {
    throw new HarnessError(
      'CONFIG',
      'PENDING_WITHOUT_BRANCH',
      'Pending and WIP pacts are those that a branch of the provider has not kept yet, and the branch is not known.',
      { remedy: 'Give --branch.' },
    )
  }
  if (wip !== undefined && !z.iso.date().safeParse(wip).success) {
    throw new HarnessError(
      'CONFIG',
      'WIP_DATE_INVALID',
      `--include-wip-pacts-since must be a date such as 2026-01-31, not "${wip}".`,
    )
  }
  const index = await connect(broker, signal)
  const answer = await request(
    broker,
    requireLink(index, 'pb:provider-pacts-for-verification', { provider }),
    {
      method: 'POST',
      body: {
        consumerVersionSelectors: selection.consumerVersionSelectors ?? defaultSelectors(branch),
        includePendingStatus: pendingOrWip,
        ...(branch !== undefined && { providerVersionBranch: branch }),
        ...(wip !== undefined && { includeWipPactsSince: wip }),
      },
      signal,
      refusals: { 404: () => unknownPacticipant(provider) },
    },
  )
  const { pacts } = parseAnswer(forVerificationSchema, answer, 'list of pacts')._embedded
  if (pacts.length === 0) {
    throw new HarnessError(
      'TARGET',
      'PACTS_NOT_FOUND',
      `The broker has no pact with "${provider}" for these selectors, so nothing was verified.`,
      {
        remedy: 'Publish one, or choose others with --consumer-version-selectors.',
      },
    )
  }
  return pacts.map(({ verificationProperties, _links }) => ({
    href: _links.self.href,
    // Work in progress is pending by nature; of the others only where it was asked for.
    pending: verificationProperties.wip || (enablePending && verificationProperties.pending),
    notices: verificationProperties.notices
      .filter(({ when }) => when === 'before_verification')
      .map(({ text }) => text),
  }))
}

function pactUrlOf(text: string): string {
  const url = URL.parse(text)
  if (url === null)
    throw new HarnessError('CONFIG', 'PACT_URL_INVALID', `--pact-url must be a URL, not "${text}".`)
  return url.href
}

function unknownPact(href: string): HarnessError {
  return new HarnessError('CONFIG', 'PACT_URL_INVALID', `The broker has no pact at ${href}.`)
}

function describe(content: z.infer<typeof pactSchema>): Omit<BrokerPact, 'pending' | 'notices'> {
  const version = z.object({ name: z.string() }).safeParse(content._links['pb:consumer-version'])
  return {
    consumer: content.consumer.name,
    consumerVersion: version.success ? version.data.name : undefined,
    content,
    interactions: content.interactions.length,
    resultsUrl: requireLink(content, 'pb:publish-verification-results'),
  }
}
