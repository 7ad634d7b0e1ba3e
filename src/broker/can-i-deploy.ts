import { z } from 'zod'
import { HarnessError } from '../verdict/errors.ts'
import type { Broker } from './broker.ts'
import { connect } from './http.ts'
import { failureOf, pactBroker } from './pact-cli.ts'
import { requireEnvironment, requirePacticipant } from './pacticipants.ts'

export interface CanIDeployOptions {
  broker: Broker
  pacticipant: string
  /** `true`: the latest one; a text: the latest one with this tag. */
  latest?: true | string | undefined
  version?: string | undefined
  toEnvironment: string
  /** Ask again this often while a verification result is missing, since its build may be running; default 0. */
  retryWhileUnknown?: number | undefined
  /** Seconds between two questions; default 10. */
  retryInterval?: number | undefined
  env?: NodeJS.ProcessEnv | undefined
  signal?: AbortSignal | undefined
}

/** One pair of versions that would meet in the environment. */
interface MatrixRow {
  consumer: string
  /** Absent where none is in the environment. */
  consumerVersion: string | undefined
  provider: string
  providerVersion: string | undefined
  result: 'success' | 'failed' | 'unknown'
}

export interface CanIDeployResult {
  /** True only if the broker says so; what it cannot say is a no. */
  deployable: boolean
  /** The broker's own words. */
  reason: string
  /** What was compared; empty where nothing in the environment depends on this pacticipant. */
  rows: MatrixRow[]
}

const versionSchema = z.object({ number: z.string() }).nullish()

const answerSchema = z.object({
  summary: z.object({ deployable: z.boolean().nullable(), reason: z.string() }),
  matrix: z.array(
    z.object({
      consumer: z.object({ name: z.string(), version: versionSchema }),
      provider: z.object({ name: z.string(), version: versionSchema }),
      verificationResult: z.object({ success: z.boolean() }).nullish(),
    }),
  ),
})

/**
 * Whether a version may go to an environment: whether every pact with what is there was verified. The exit code
 * of the command is not asked, since with JSON it is 0 for a no too.
 * @throws {HarnessError} CONFIG VERSION_MISSING, PACTICIPANT_UNKNOWN, ENVIRONMENT_UNKNOWN, RETRY_INVALID, and those of `connect`
 */
export async function canIDeploy(options: CanIDeployOptions): Promise<CanIDeployResult> {
  const { broker, pacticipant, version, latest, toEnvironment, env, signal } = options
  if ((version === undefined) === (latest === undefined))
    throw new HarnessError(
      'CONFIG',
      'VERSION_MISSING',
      version === undefined
        ? 'can-i-deploy needs --version, or --latest.'
        : '--version and --latest exclude each other.',
    )
  const times = wholeNumber('--retry-while-unknown', options.retryWhileUnknown ?? 0)
  const seconds = wholeNumber('--retry-interval', options.retryInterval ?? 10)
  const index = await connect(broker, signal)
  await Promise.all([
    requirePacticipant(broker, index, pacticipant),
    requireEnvironment(broker, index, toEnvironment),
  ])
  const answer = await pactBroker(
    broker,
    [
      'can-i-deploy',
      // Not with "=": the command then drops the version, and asks about all of them.
      '--pacticipant',
      pacticipant,
      ...(version === undefined
        ? ['--latest', ...(typeof latest === 'string' ? [latest] : [])]
        : ['--version', version]),
      `--to-environment=${toEnvironment}`,
      ...(times > 0 ? [`--retry-while-unknown=${times}`, `--retry-interval=${seconds}`] : []),
    ],
    { env, signal, pollsForMs: times * (seconds + 1) * 1000 },
  )
  const said = answerSchema.safeParse(answer.json)
  if (!said.success) throw failureOf(broker, 'can-i-deploy', answer)
  const { summary, matrix } = said.data
  return {
    deployable: summary.deployable === true,
    reason: summary.reason,
    rows: matrix.map(({ consumer, provider, verificationResult }) => ({
      consumer: consumer.name,
      consumerVersion: consumer.version?.number,
      provider: provider.name,
      providerVersion: provider.version?.number,
      result: verificationResult ? (verificationResult.success ? 'success' : 'failed') : 'unknown',
    })),
  }
}

function wholeNumber(option: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > 3600) {
    throw new HarnessError(
      'CONFIG',
      'RETRY_INVALID',
      `${option} must be a whole number from 0 to 3600, not ${value}.`,
    )
  }
  return value
}
