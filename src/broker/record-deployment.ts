import type { Broker } from './broker.ts'
import { connect } from './http.ts'
import { failureOf, pactBroker } from './pact-cli.ts'
import { requireEnvironment, requirePacticipant, requireVersion } from './pacticipants.ts'

export interface RecordDeploymentOptions {
  broker: Broker
  pacticipant: string
  version: string
  environment: string
  env?: NodeJS.ProcessEnv | undefined
  signal?: AbortSignal | undefined
}

/**
 * Tells the broker that a version now runs in an environment, in the place of the one before.
 * @throws {HarnessError} CONFIG PACTICIPANT_UNKNOWN, VERSION_UNKNOWN, ENVIRONMENT_UNKNOWN, and those of `connect`
 */
export async function recordDeployment(options: RecordDeploymentOptions): Promise<void> {
  const { broker, pacticipant, version, environment, env, signal } = options
  const index = await connect(broker, signal)
  await requirePacticipant(broker, index, pacticipant)
  await Promise.all([
    requireVersion(broker, index, pacticipant, version),
    requireEnvironment(broker, index, environment),
  ])
  const answer = await pactBroker(
    broker,
    [
      'record-deployment',
      // Escaped, since the command puts them into a URL as they are: of 1.0#2 it would record 1.0.
      `--pacticipant=${encodeURIComponent(pacticipant)}`,
      `--version=${encodeURIComponent(version)}`,
      `--environment=${environment}`,
    ],
    { env, signal },
  )
  if (answer.exitCode !== 0) throw failureOf(broker, 'record-deployment', answer)
}
