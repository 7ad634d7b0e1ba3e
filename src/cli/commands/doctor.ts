import { Command } from 'commander'
import { examineAll, type Finding } from '../../gate/doctor/examination.ts'
import { machineExaminations } from '../../gate/doctor/machine.ts'
import { targetExaminations } from '../../gate/doctor/target.ts'
import { painter, printable } from '../../report/terminal.ts'
import { configuredAccounts, openTarget } from '../../target/open.ts'
import { exitCodeOfError } from '../../verdict/errors.ts'
import { ExitCode } from '../../verdict/exit-code.ts'
import { configOf } from '../config.ts'
import { type ConfigOptions, withExamples, withSharedOptions } from '../options.ts'
import { useColor } from '../present.ts'

const MARK = { ok: '✓', missing: '–', wrong: '✗' } as const
const FORMAT = { ok: 'green', missing: 'yellow', wrong: 'red' } as const

export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'look at the machine, the configuration and the target, and say what to mend',
  )
  return withExamples(withSharedOptions(command, ['deployment']), [
    ['auth-harness doctor', 'the machine, and the embedded provider'],
    [
      'auth-harness doctor --target http://127.0.0.1:4010 --states-url http://127.0.0.1:4010/_states',
      'a target of your own',
    ],
  ]).action(async (options: ConfigOptions) => {
    const paint = painter(useColor(options))
    const findings: Finding[] = []
    const show = (finding: Finding) => {
      findings.push(finding)
      if (options.json) return
      const { status, title, detail, remedy } = finding
      process.stdout.write(
        `${paint(FORMAT[status], `${MARK[status]} ${title}`)}  ${printable(detail)}\n${status === 'ok' || remedy === undefined ? '' : `    ${printable(remedy)}\n`}`,
      )
    }
    // A wrong configuration ends it here: there is nothing to look at with.
    let source = ''
    const config = await configOf(options, (line) => {
      source = line
    })
    show({ title: 'the configuration is right', status: 'ok', detail: source })
    await examineAll(machineExaminations(config, process.env), show)
    const target = await openTarget(config)
    try {
      const accounts = await configuredAccounts(config, process.env)
      await examineAll(targetExaminations(target, accounts), show)
    } finally {
      await target.close()
    }
    if (options.json)
      process.stdout.write(
        `${JSON.stringify(
          findings.map(({ error: _, ...finding }) => finding),
          null,
          2,
        )}\n`,
      )
    process.exitCode =
      findings.find(({ status }) => status === 'wrong') === undefined ? ExitCode.held : worst(findings)
  })
}

/** A wrong configuration before a target that is down: what the user can mend at once comes first. */
function worst(findings: readonly Finding[]): ExitCode {
  const codes = findings.filter(({ status }) => status === 'wrong').map(({ error }) => exitCodeOfError(error))
  return codes.includes(ExitCode.usage) ? ExitCode.usage : ExitCode.noVerdict
}
