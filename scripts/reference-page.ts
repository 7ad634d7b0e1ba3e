import type { Command, Option } from 'commander'
import { OUTPUT_GROUP, TARGET_GROUP } from '../src/cli/options.ts'
import { createProgram } from '../src/cli/program.ts'
import { configJsonSchema } from '../src/config/json-schema.ts'
import { ACCOUNTS_VARIABLE, OPTION_SETTINGS, SETTINGS } from '../src/config/settings.ts'
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
    ...sharedLines(program.commands),
    ...program.commands.flatMap(commandLines),
    '## Configuration',
    '',
    '`auth-harness.config.ts` (`export default defineConfig({ … })`), `.mts`, `.js`, `.mjs` or `.json`, the nearest from the working folder up to the root of the repository; overridden by environment variables, overridden by options. `schema/config.schema.json` in the package is its JSON Schema.',
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

const SHARED_GROUPS = new Set([TARGET_GROUP, OUTPUT_GROUP])

function isShared({ helpGroupHeading }: Option): boolean {
  return SHARED_GROUPS.has(helpGroupHeading ?? '')
}

/** The options that several commands share are described once, with their variables. */
function sharedLines(commands: readonly Command[]): string[] {
  const byFlags = new Map(
    commands
      .flatMap(({ options }) => options)
      .filter(isShared)
      .map((option) => [option.flags, option]),
  )
  return [
    '### Options that commands share',
    '',
    'Each command takes those that it uses, and refuses the others.',
    '',
    '| option | what | variable |',
    '| --- | --- | --- |',
    ...[...byFlags.values()].map((option) => {
      const variable = OPTION_SETTINGS.find((setting) => setting.option.flags === option.flags)?.variable
      return `${optionRow(option)} ${variable === undefined ? '' : `\`${variable}\``} |`
    }),
    '',
  ]
}

function optionRow({ flags, description, defaultValue }: Option): string {
  const fallback =
    defaultValue === undefined || defaultValue === true
      ? ''
      : ` (default: \`${relativeDefault(defaultValue)}\`)`
  return `| \`${flags}\` | ${cell(description)}${fallback} |`
}

function commandLines(command: Command): string[] {
  const usage = [
    'auth-harness',
    command.name(),
    ...command.registeredArguments.map((argument) => `<${argument.name()}>`),
  ].join(' ')
  const rows = command.options.filter((option) => !isShared(option)).map(optionRow)
  const shared = command.options.filter(isShared).map(({ long }) => `\`${long}\``)
  return [
    `### ${command.name()}`,
    '',
    `\`${usage}\`: ${command.description()}.`,
    '',
    ...(rows.length > 0 ? ['| option | what |', '| --- | --- |', ...rows, ''] : []),
    ...(shared.length > 0 ? [`Shared: ${shared.join(', ')}.`, ''] : []),
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
