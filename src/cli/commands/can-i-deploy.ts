import { Command } from 'commander'
import { brokerFromEnvironment } from '../../broker/broker.ts'
import { canIDeploy } from '../../broker/can-i-deploy.ts'
import { ExitCode } from '../../verdict/exit-code.ts'
import { configOf } from '../config.ts'
import { type ConfigOptions, withExamples, withSharedOptions } from '../options.ts'

interface CanIDeployCommandOptions extends ConfigOptions {
  readonly pacticipant: string
  readonly version: string
  readonly toEnvironment: string
  readonly retryWhileUnknown?: number
  readonly retryInterval?: number
}

export function canIDeployCommand(): Command {
  const command = new Command('can-i-deploy')
    .description('ask the Pact Broker whether a version fits what is deployed; exit 1 on a no')
    .requiredOption('--pacticipant <name>', 'whose version')
    .requiredOption('--version <version>', 'which version')
    .requiredOption('--to-environment <name>', 'where to')
    .option('--retry-while-unknown <times>', 'ask again while a verification is missing', Number)
    .option('--retry-interval <seconds>', 'between two questions', Number)
  return withExamples(withSharedOptions(command, ['config']), [
    [
      'auth-harness can-i-deploy --pacticipant customers-client --version "$(git rev-parse HEAD)" --to-environment production',
      '',
    ],
  ]).action(async (options: CanIDeployCommandOptions) => {
    const broker = brokerFromEnvironment(await configOf(options), process.env)
    const { pacticipant, version, toEnvironment, retryWhileUnknown, retryInterval } = options
    const result = await canIDeploy({
      broker,
      pacticipant,
      version,
      toEnvironment,
      retryWhileUnknown,
      retryInterval,
    })
    const rows = result.rows.map(
      (row) =>
        `  ${row.consumer} ${row.consumerVersion ?? '-'} → ${row.provider} ${row.providerVersion ?? '-'}: ${row.result}`,
    )
    process.stdout.write(
      options.json
        ? `${JSON.stringify(result, null, 2)}\n`
        : `${[`${result.deployable ? 'yes' : 'no'}: ${result.reason}`, ...rows].join('\n')}\n`,
    )
    process.exitCode = result.deployable ? ExitCode.held : ExitCode.broken
  })
}
