import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { HarnessError } from '../verdict/errors.ts'
import type { Broker } from './broker.ts'
import { buildIdentity, requireVersion } from './build-identity.ts'
import { connect } from './http.ts'
import { failureOf, pactBroker } from './pact-cli.ts'

export interface PublishOptions {
  /** Absent: for a dry run, which sends nothing. */
  broker: Broker | undefined
  /** Pact files, or folders of them. */
  pacts: readonly string[]
  /** `--consumer-app-version`; absent: the git commit. */
  consumerAppVersion?: string | undefined
  /** `--branch`; absent: that of the CI run or the checkout. */
  branch?: string | undefined
  /** `--tag`, as often as wanted. */
  tags?: readonly string[] | undefined
  /** `--build-url`; absent: the page of the CI run. */
  buildUrl?: string | undefined
  /** Says what would be sent, and sends nothing. */
  dryRun?: boolean | undefined
  env?: NodeJS.ProcessEnv | undefined
  cwd?: string | undefined
  signal?: AbortSignal | undefined
}

interface PublishedContract {
  file: string
  consumer: string
  provider: string
  /** At least 1. */
  interactions: number
}

export interface PublishResult {
  published: boolean
  /** Absent: no broker is configured, and it was a dry run. */
  brokerUrl: string | undefined
  version: string
  branch: string | undefined
  tags: string[]
  buildUrl: string | undefined
  contracts: PublishedContract[]
  /** The broker's own words; of a dry run, none. */
  notices: string[]
}

const answerSchema = z.object({ notices: z.array(z.object({ text: z.string() })).default([]) })

/**
 * Publishes pacts. The same content under the same version may be published again; another content may not,
 * since can-i-deploy would then speak of something else than was verified.
 * @throws {HarnessError} CONTRACT PACT_CHANGED (published before with other content), PACT_INVALID, PACT_EMPTY;
 *   CONFIG PACTS_MISSING, VERSION_MISSING, TAG_INVALID, and those of `connect`
 */
export async function publish(options: PublishOptions): Promise<PublishResult> {
  const { broker, env = process.env, signal } = options
  const contracts = pactFiles(options.pacts).map(readContract)
  const given = { version: options.consumerAppVersion, branch: options.branch, buildUrl: options.buildUrl }
  const { version, branch, buildUrl } = requireVersion(
    await buildIdentity(given, options),
    '--consumer-app-version',
  )
  const tags = (options.tags ?? []).map(checkTag)
  const result: PublishResult = {
    published: false,
    brokerUrl: broker?.baseUrl,
    version,
    branch,
    tags,
    buildUrl,
    contracts,
    notices: [],
  }
  if (options.dryRun || broker === undefined) return result

  await connect(broker, signal)
  const answer = await pactBroker(
    broker,
    [
      'publish',
      ...contracts.map(({ file }) => file),
      `--consumer-app-version=${version}`,
      ...(branch ? [`--branch=${branch}`] : []),
      // Once, with commas: the CLI refuses a second --tag.
      ...(tags.length > 0 ? [`--tag=${tags.join(',')}`] : []),
      ...(buildUrl ? [`--build-url=${buildUrl}`] : []),
    ],
    { env, signal },
  )
  if (answer.exitCode !== 0) throw conflict(version, answer.text) ?? failureOf(broker, 'publish', answer)
  const said = answerSchema.safeParse(answer.json)
  return {
    ...result,
    published: true,
    notices: said.success ? said.data.notices.map(({ text }) => text.trim()) : [],
  }
}

function conflict(version: string, text: string): HarnessError | undefined {
  if (!text.includes('Cannot change the content of the pact')) return undefined
  const pair = /pact for (.+) version .+ and provider (.+?),/.exec(text)
  const difference = text.split('\n').findLast((line) => line.includes('"interactions"')) ?? ''
  return new HarnessError(
    'CONTRACT',
    'PACT_CHANGED',
    `${pair ? `The pact between ${pair[1]} and ${pair[2]}` : 'A pact'} was published as version ${version} before, with other content. ${difference.slice(0, 500)}`.trim(),
    {
      remedy:
        'Publish it under a version of its own: commit the change, and publish from that commit. If nothing was changed, the pact holds random data.',
    },
  )
}

function checkTag(tag: string): string {
  if (tag === '' || tag.includes(',')) {
    throw new HarnessError('CONFIG', 'TAG_INVALID', `--tag must be a name without a comma, not "${tag}".`, {
      remedy: 'Give --tag once for each tag.',
    })
  }
  return tag
}

/** @throws {HarnessError} CONFIG PACTS_MISSING */
function pactFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) {
      throw new HarnessError('CONFIG', 'PACTS_MISSING', `There is no ${path}.`, { remedy: WRITE_PACTS })
    }
    return stat.isDirectory()
      ? readdirSync(path)
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => join(path, name))
      : [path]
  })
  if (files.length === 0) {
    throw new HarnessError(
      'CONFIG',
      'PACTS_MISSING',
      `There is no pact file in ${paths.join(', ') || 'nothing'}.`,
      {
        remedy: WRITE_PACTS,
      },
    )
  }
  return files
}

const WRITE_PACTS = 'Write the pacts first: auth-harness contract'

const pactSchema = z.object({
  consumer: z.object({ name: z.string().min(1) }),
  provider: z.object({ name: z.string().min(1) }),
  interactions: z.array(z.unknown()),
})

/** The broker takes any JSON for a pact, and an empty pact for a contract that everything fulfils. */
function readContract(file: string): PublishedContract {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new HarnessError('CONTRACT', 'PACT_INVALID', `${file} is not JSON.`, {
      cause: error,
      remedy: WRITE_PACTS,
    })
  }
  const pact = pactSchema.safeParse(json)
  if (!pact.success) {
    throw new HarnessError(
      'CONTRACT',
      'PACT_INVALID',
      `${file} is not a pact: ${z.prettifyError(pact.error)}`,
      {
        remedy: WRITE_PACTS,
      },
    )
  }
  const { consumer, provider, interactions } = pact.data
  if (interactions.length === 0) {
    throw new HarnessError('CONTRACT', 'PACT_EMPTY', `${file} has no interaction, so it promises nothing.`, {
      remedy: WRITE_PACTS,
    })
  }
  return { file, consumer: consumer.name, provider: provider.name, interactions: interactions.length }
}
