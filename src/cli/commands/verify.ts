import { Command } from 'commander'
import { brokerFromEnvironment } from '../../broker/broker.ts'
import { branchWarning, buildIdentity, requireVersion } from '../../broker/build-identity.ts'
import { type ConsumerVersionSelector, parseSelector } from '../../broker/selectors.ts'
import type { BrokerVerification } from '../../broker/verify-from-broker.ts'
import { verifyStage } from '../../gate/stages/verify.ts'
import { verifyFromBrokerStage } from '../../gate/stages/verify-from-broker.ts'
import { printable } from '../../report/terminal.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { type RunOptions, withExamples, withSharedOptions } from '../options.ts'
import { findPacts, PACKAGE_PACTS } from '../pacts.ts'
import { type SelectionOptions, selectedClauses, withSelection } from '../selection.ts'
import { runSession } from '../session.ts'

interface VerifyOptions extends RunOptions, SelectionOptions {
  readonly pactDir?: string
  readonly filter?: string
  readonly defect?: string
  readonly fromBroker?: true
  readonly provider?: string
  readonly consumerVersionSelectors?: readonly ConsumerVersionSelector[]
  readonly pactUrl?: string
  readonly enablePending?: true
  readonly includeWipPactsSince?: string
  readonly publishResults?: true
  readonly providerVersion?: string
  readonly branch?: string
  readonly buildUrl?: string
}

/** What means nothing without `--from-broker`. */
const BROKER_OPTIONS = [
  'provider',
  'consumerVersionSelectors',
  'pactUrl',
  'enablePending',
  'includeWipPactsSince',
  'publishResults',
  'providerVersion',
  'branch',
  'buildUrl',
] as const satisfies readonly (keyof VerifyOptions)[]

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('replay the pacts against the target')
    .option('--pact-dir <dir>', 'where the pacts are (default: those of this package)')
    .option('--filter <text>', 'only interactions that name this clause, or whose description contains this')
    .option('--defect <id>', 'plant a defect in the embedded provider')
    .optionsGroup('Pact Broker (PACT_BROKER_BASE_URL and its credentials):')
    .option('--from-broker', 'the pacts that the broker gives out, and not those of a folder')
    .option('--provider <name>', 'whose pacts (default: ocapi-shop)')
    .option(
      '--consumer-version-selectors <json>',
      'which consumer versions, such as {"mainBranch":true}; may be repeated',
      (text: string, others: readonly ConsumerVersionSelector[] = []) => [...others, parseSelector(text)],
    )
    .option('--pact-url <url>', "this one pact, as the broker's webhook names it")
    .option('--enable-pending', 'a pact that this branch has never kept may fail')
    .option('--include-wip-pacts-since <date>', 'also the newest pacts of other branches, as pending ones')
    .option('--publish-results', 'tell the broker what was found')
    .option('--provider-version <version>', 'whose results they are (default: the git commit)')
    .option('--branch <name>', 'of the provider (default: the git branch)')
    .option('--build-url <url>', 'default: the page of the CI run')
  return withExamples(withSharedOptions(withSelection(command), ['deployment', 'run']), [
    ['auth-harness verify', 'on the embedded provider'],
    [
      'auth-harness verify --target http://127.0.0.1:4010 --states-url http://127.0.0.1:4010/_states',
      'on a target of your own',
    ],
    ['auth-harness verify --from-broker --publish-results', "the broker's pacts, with their results"],
  ]).action((options: VerifyOptions) =>
    options.fromBroker ? verifyFromBroker(options) : verifyFromFolder(options),
  )
}

async function verifyFromFolder(options: VerifyOptions): Promise<void> {
  const given = BROKER_OPTIONS.find((name) => options[name] !== undefined)
  if (given !== undefined) {
    const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    throw new HarnessError('CONFIG', 'NOT_FROM_BROKER', `${flag} is for pacts of the broker`, {
      remedy: 'add --from-broker, or leave it out',
    })
  }
  const pactFiles = findPacts(options.pactDir ?? PACKAGE_PACTS)
  const clauses = selectedClauses(options.clause, ['verify'])
  await runSession(options, () => ({
    command: 'verify',
    stages: [verifyStage({ pactFiles, filter: options.grep ?? options.filter, clauses })],
    ...(clauses && { asked: new Set(clauses) }),
  }))
}

async function verifyFromBroker(options: VerifyOptions): Promise<void> {
  if (options.pactDir !== undefined) {
    throw new HarnessError(
      'CONFIG',
      'TWO_SOURCES_OF_PACTS',
      '--pact-dir and --from-broker exclude each other',
    )
  }
  const { provider = 'ocapi-shop', providerVersion, branch, buildUrl } = options
  const identity = await buildIdentity({ version: providerVersion, branch, buildUrl })
  const warning = options.publishResults ? branchWarning(identity) : undefined
  if (warning !== undefined) process.stderr.write(`${warning}\n`)
  const publishAs = options.publishResults && requireVersion(identity, '--provider-version')
  await runSession(options, (config) => ({
    command: 'verify',
    stages: [
      verifyFromBrokerStage({
        broker: brokerFromEnvironment(config, process.env),
        provider,
        providerVersionBranch: identity.branch,
        consumerVersionSelectors: options.consumerVersionSelectors,
        pactUrl: options.pactUrl,
        enablePending: options.enablePending,
        includeWipPactsSince: options.includeWipPactsSince,
        publishAs,
        filter: options.grep ?? options.filter,
        onVerified: (verification) => {
          if (!options.quiet) process.stderr.write(describe(verification))
        },
      }),
    ],
  }))
}

/** What the result of the run does not say: what the broker was told, and what failed without counting. */
function describe({ pacts, pendingFailures }: BrokerVerification): string {
  const lines = pacts.map(({ consumer, consumerVersion, pending, published }) => {
    const told =
      typeof published === 'string' ? `published as ${published}` : `not published: ${published.not}`
    return `${consumer} ${consumerVersion ?? ''}${pending ? ' (pending)' : ''}: ${told}`
  })
  const failures = pendingFailures.map(
    ({ title, failures: [first] }) =>
      `  pending, does not count: ${title}${first ? `: ${first.message}` : ''}`,
  )
  return `${printable([...lines, ...failures].join('\n'))}\n`
}
