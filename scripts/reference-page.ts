import type { Command } from 'commander'
import { createProgram } from '../src/cli/program.ts'
import { configJsonSchema } from '../src/config/json-schema.ts'
import { ACCOUNTS_VARIABLE, SETTINGS } from '../src/config/variables.ts'
import { ExitCode } from '../src/verdict/exit-code.ts'

/** The reference of commands and configuration, made of what the program itself knows. */
export function renderReference(): string {
  const program = createProgram()
  return [
    '# Reference',
    '',
    'Made by `npm run reference` of the commands and the configuration themselves.',
    '',
    ...exitCodes(),
    '## Commands',
    '',
    'Every command takes the options of *Target* and *Output*.',
    '',
    ...program.commands.flatMap((command, index) => commandLines(command, index === 0)),
    '## Configuration',
    '',
    '`auth-harness.config.ts` (`export default defineConfig({ … })`) or `auth-harness.config.json`, overridden by environment variables, overridden by options. `schema/config.schema.json` in the package is its JSON Schema.',
    '',
    '| key | default | what | variable |',
    '| --- | --- | --- | --- |',
    ...keyRows(configJsonSchema() as SchemaNode, []),
    '',
    `\`${ACCOUNTS_VARIABLE}\` holds accounts as the accounts file would, where a CI keeps secrets in variables.`,
    '',
  ].join('\n')
}

const EXIT_CODES: Record<keyof typeof ExitCode, string> = {
  held: 'every clause asked for was evaluated, and held (not provable here is listed, and does not fail)',
  broken: 'a clause is broken, a threshold was crossed, a figure regressed',
  usage: 'the command, the configuration or the script is wrong',
  noVerdict: 'no verdict: the target is unreachable, the generator was saturated, or nothing was evaluated',
  interrupted: 'interrupted; what was measured so far is reported',
}

function exitCodes(): string[] {
  const names = Object.keys(EXIT_CODES) as (keyof typeof ExitCode)[]
  return [
    '## Exit codes',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...names.map((name) => `| ${ExitCode[name]} | ${EXIT_CODES[name]} |`),
    '',
  ]
}

/** The groups that every command shares are shown once. */
const SHARED_GROUPS = new Set(['Target:', 'Output:'])

function commandLines(command: Command, withShared: boolean): string[] {
  const usage = [
    'auth-harness',
    command.name(),
    ...command.registeredArguments.map((argument) => `<${argument.name()}>`),
  ].join(' ')
  const own = command.options.filter(
    (option) => withShared || !SHARED_GROUPS.has(option.helpGroupHeading ?? ''),
  )
  const rows = own.map((option) => {
    const fallback =
      option.defaultValue === undefined || option.defaultValue === true
        ? ''
        : ` (default: \`${relativeDefault(option.defaultValue)}\`)`
    return `| \`${option.flags}\` | ${cell(option.description)}${fallback} |`
  })
  return [
    `### ${command.name()}`,
    '',
    `\`${usage}\`: ${command.description()}.`,
    '',
    ...(rows.length > 0 ? ['| option | what |', '| --- | --- |', ...rows, ''] : []),
  ]
}

/** A default inside the package depends on where that lies. */
function relativeDefault(value: unknown): string {
  return String(value).replace(/^.*(?=contracts\/pacts$)/, '')
}

interface SchemaNode {
  readonly properties?: Record<string, SchemaNode>
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
}

function keyRows(node: SchemaNode, path: readonly string[]): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const here = [...path, key]
    if (child.properties !== undefined && child.description === undefined) return keyRows(child, here)
    const variable = SETTINGS.find((setting) => setting.key.join('.') === here.join('.'))?.variable
    const nested = child.properties === undefined ? [] : keyRows(child, here)
    const what = [
      child.description,
      child.enum && `one of ${child.enum.map((value) => `\`${String(value)}\``).join(', ')}`,
    ]
      .filter((part) => part !== undefined)
      .join('; ')
    return [
      `| \`${here.join('.')}\` | ${child.default === undefined ? '' : `\`${JSON.stringify(child.default)}\``} | ${cell(what)} | ${variable === undefined ? '' : `\`${variable}\``} |`,
      ...nested,
    ]
  })
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
