import { Command } from 'commander'
import { type Broker, brokerFromEnvironment } from '../../broker/broker.ts'
import { branchWarning } from '../../broker/build-identity.ts'
import { type PublishResult, publish } from '../../broker/publish.ts'
import type { Config } from '../../config/schema.ts'
import { printable } from '../../report/terminal.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { configOf } from '../config.ts'
import { type ConfigOptions, withExamples, withSharedOptions } from '../options.ts'

interface PublishCommandOptions extends ConfigOptions {
  readonly pactDir: string
  readonly consumerAppVersion?: string
  readonly branch?: string
  readonly tag?: readonly string[]
  readonly buildUrl?: string
  readonly dryRun?: true
}

export function publishCommand(): Command {
  const command = new Command('publish')
    .description('publish the pacts to the Pact Broker (PACT_BROKER_BASE_URL and its credentials)')
    .option('--pact-dir <dir>', 'where the pacts are, as contract writes them', 'contracts/pacts')
    .option('--consumer-app-version <version>', 'default: the git commit')
    .option('--branch <name>', 'default: the git branch')
    .option('--tag <name...>', 'tags of the version')
    .option('--build-url <url>', 'default: the page of the CI run')
    .option('--dry-run', 'say what would be sent, and send nothing')
  return withExamples(withSharedOptions(command, ['config']), [
    ['auth-harness publish', 'the commit and branch of this checkout'],
    ['auth-harness publish --dry-run', 'what would be sent'],
  ]).action(async (options: PublishCommandOptions) => {
    const broker = brokerOf(await configOf(options), options.dryRun === true)
    const result = await publish({
      broker,
      pacts: [options.pactDir],
      consumerAppVersion: options.consumerAppVersion,
      branch: options.branch,
      tags: options.tag,
      buildUrl: options.buildUrl,
      dryRun: options.dryRun,
    })
    const warning = branchWarning(result)
    if (warning !== undefined) process.stderr.write(`${warning}\n`)
    process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : describe(result))
  })
}

/** A dry run says what would be sent, for which nobody needs a broker. */
function brokerOf(config: Config, dryRun: boolean): Broker | undefined {
  try {
    return brokerFromEnvironment(config, process.env)
  } catch (error) {
    if (dryRun && error instanceof HarnessError && error.code === 'BROKER_URL_MISSING') return undefined
    throw error
  }
}

function describe(result: PublishResult): string {
  const { published, brokerUrl, version, branch, tags, contracts, notices } = result
  const labels = [...(branch === undefined ? [] : [`branch ${branch}`]), ...tags.map((tag) => `tag ${tag}`)]
  const lines = [
    `${published ? 'published to' : 'would be published to'} ${brokerUrl ?? 'a broker (none is configured)'} as version ${version}${labels.length > 0 ? ` (${labels.join(', ')})` : ''}:`,
    ...contracts.map(
      ({ consumer, provider, interactions }) => `  ${consumer} → ${provider}: ${interactions} interactions`,
    ),
    ...notices.map((notice) => `  ${notice}`),
  ]
  return `${printable(lines.join('\n'))}\n`
}
