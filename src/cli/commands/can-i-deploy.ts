import { Command } from 'commander'
import { brokerFromEnvironment } from '../../broker/broker.ts'
import { canIDeploy } from '../../broker/can-i-deploy.ts'
import { printable } from '../../report/terminal.ts'
import { ExitCode } from '../../verdict/exit-code.ts'
import { wholeNumber } from '../arguments.ts'
import { configOf } from '../config.ts'
import { type ConfigOptions, withExamples, withSharedOptions } from '../options.ts'

interface CanIDeployCommandOptions extends ConfigOptions {
  readonly pacticipant: string
  readonly version?: string
  readonly latest?: true | string
  readonly dryRun?: true
  readonly toEnvironment: string
  readonly retryWhileUnknown?: number
  readonly retryInterval?: number
}

export function canIDeployCommand(): Command {
  const command = new Command('can-i-deploy')
    .description('ask the Pact Broker whether a version fits what is deployed; exit 1 on a no')
    .requiredOption('--pacticipant <name>', 'whose version')
    .option('--version <version>', 'which version')
    .option('--latest [tag]', 'the latest version, or the latest with this tag')
    .requiredOption('--to-environment <name>', 'where to')
    .option(
      '--retry-while-unknown <times>',
      'ask again while a verification is missing',
      wholeNumber('--retry-while-unknown', 0, 3600),
    )
    .option('--retry-interval <seconds>', 'between two questions', wholeNumber('--retry-interval', 0, 3600))
    .option('--dry-run', 'say what the broker says, and end with 0 also where it is a no')
  return withExamples(withSharedOptions(command, ['config']), [
    [
      'auth-harness can-i-deploy --pacticipant customers-client --version "$(git rev-parse HEAD)" --to-environment production',
      '',
    ],
  ]).action(async (options: CanIDeployCommandOptions) => {
    const broker = brokerFromEnvironment(await configOf(options), process.env)
    const { pacticipant, version, latest, toEnvironment, retryWhileUnknown, retryInterval } = options
    const result = await canIDeploy({
      broker,
      pacticipant,
      version,
      latest,
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
        : `${[`${options.dryRun ? 'dry run: ' : ''}${result.deployable ? 'yes' : 'no'}: ${result.reason}`, ...rows].map(printable).join('\n')}\n`,
    )
    process.exitCode = result.deployable || options.dryRun ? ExitCode.held : ExitCode.broken
  })
}
