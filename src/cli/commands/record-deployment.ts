import { Command } from 'commander'
import { brokerFromEnvironment } from '../../broker/broker.ts'
import { recordDeployment } from '../../broker/record-deployment.ts'
import { configOf } from '../config.ts'
import { type ConfigOptions, withExamples, withSharedOptions } from '../options.ts'

interface RecordDeploymentCommandOptions extends ConfigOptions {
  readonly pacticipant: string
  readonly version: string
  readonly environment: string
}

export function recordDeploymentCommand(): Command {
  const command = new Command('record-deployment')
    .description('tell the Pact Broker that a version is deployed')
    .requiredOption('--pacticipant <name>', 'whose version')
    .requiredOption('--version <version>', 'which version')
    .requiredOption('--environment <name>', 'where')
  return withExamples(withSharedOptions(command, ['config']), [
    [
      'auth-harness record-deployment --pacticipant customers-client --version "$(git rev-parse HEAD)" --environment production',
      '',
    ],
  ]).action(async (options: RecordDeploymentCommandOptions) => {
    const broker = brokerFromEnvironment(await configOf(options), process.env)
    const { pacticipant, version, environment } = options
    await recordDeployment({ broker, pacticipant, version, environment })
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ pacticipant, version, environment })}\n`
        : `${pacticipant} ${version} is recorded as deployed to ${environment}\n`,
    )
  })
}
