import { Command, type CommanderError } from 'commander'
import { ExitCode } from '../verdict/exit-code.ts'
import { packageVersion } from '../verdict/package-root.ts'
import { canIDeployCommand } from './commands/can-i-deploy.ts'
import { checkCommand } from './commands/check.ts'
import { compareCommand } from './commands/compare.ts'
import { completionCommand } from './commands/completion.ts'
import { contractCommand } from './commands/contract.ts'
import { doctorCommand } from './commands/doctor.ts'
import { gateCommand } from './commands/gate.ts'
import { initCommand } from './commands/init.ts'
import { loadCommand } from './commands/load.ts'
import { proveCommand } from './commands/prove.ts'
import { providerCommand } from './commands/provider.ts'
import { publishCommand } from './commands/publish.ts'
import { recordDeploymentCommand } from './commands/record-deployment.ts'
import { reportCommand } from './commands/report.ts'
import { verifyCommand } from './commands/verify.ts'
import { withExamples } from './options.ts'

/** The whole command line. Wrong arguments end with the design's code for them, not with commander's. */
export function createProgram(): Command {
  const program = withExamples(new Command('auth-harness'), [
    ['auth-harness gate', 'everything, on the embedded reference provider'],
    ['auth-harness gate --target URL --states-url URL', 'everything, on your target'],
    ['auth-harness load issuance --profile stress', 'one load scenario'],
    ['auth-harness publish', 'the pacts, to a Pact Broker'],
  ])
    .description('Contract- and load-testing for POST /customers/auth of the OCAPI Shop API')
    .version(packageVersion)
    // Or "can-i-deploy --version 1" would print this program's version and exit with 0.
    .enablePositionalOptions()
    .showHelpAfterError('(--help shows what there is)')
  for (const command of [
    gateCommand(),
    contractCommand(),
    verifyCommand(),
    checkCommand(),
    loadCommand(),
    proveCommand(),
    publishCommand(),
    canIDeployCommand(),
    recordDeploymentCommand(),
    providerCommand(),
    initCommand(),
    doctorCommand(),
    compareCommand(),
    reportCommand(),
    completionCommand(),
  ]) {
    program.addCommand(command)
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error: CommanderError) =>
      process.exit(error.exitCode === 0 ? ExitCode.held : ExitCode.usage),
    )
  }
  return program
}
