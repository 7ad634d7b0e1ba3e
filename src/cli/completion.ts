import type { Command, Option } from 'commander'
import { SCENARIOS } from '../gate/scenarios.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** What can stand behind the program's name, read off the program itself. */
interface Word {
  readonly name: string
  readonly description: string
  readonly options: readonly Option[]
  /** Values that its first argument takes, or that are likely. */
  readonly values: readonly string[]
}

/** A script that completes commands, their options, and the values that an option or argument is limited to. */
export function renderCompletion(shell: Shell, program: Command): string {
  const words = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options,
    values: command.name() === 'load' ? SCENARIOS : (command.registeredArguments[0]?.argChoices ?? []),
  }))
  return { bash, zsh, fish }[shell](program.name(), words)
}

function flags(word: Word): string[] {
  return word.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]))
}

function bash(program: string, words: readonly Word[]): string {
  const choices = words.flatMap((word) =>
    word.options
      .filter(({ argChoices }) => argChoices !== undefined)
      .map(({ long, argChoices }) => `    ${word.name}:${long}) words="${argChoices?.join(' ')}" ;;`),
  )
  return `# bash completion of ${program}
_${identifier(program)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="\${COMP_WORDS[1]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "$command:$previous" in
${choices.join('\n')}
${pathCases(words)}
    *)
      case "$command" in
${words.map((word) => `        ${word.name}) words="${[...flags(word), ...word.values].join(' ')}" ;;`).join('\n')}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ "\${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _${identifier(program)} ${program}
`
}

/** Options that take a path, by how they name their argument. */
function pathCases(words: readonly Word[]): string {
  const flagsOf = (argument: RegExp): string =>
    [...new Set(words.flatMap(({ options }) => options.filter(({ flags }) => argument.test(flags))))]
      .flatMap(({ long }) => (long ? [`*:${long}`] : []))
      .filter((flag, index, all) => all.indexOf(flag) === index)
      .join(' | ')
  return [
    `    ${flagsOf(/<(\w+=)?(file|run)>/i)}) COMPREPLY=($(compgen -f -- "$current")) && return ;;`,
    `    ${flagsOf(/<dir>/)}) COMPREPLY=($(compgen -d -- "$current")) && return ;;`,
  ].join('\n')
}

function zsh(program: string, words: readonly Word[]): string {
  const commands = words.map(
    ({ name, description }) => `    ${quote(`${name}:${description.replaceAll(':', '\\:')}`)}`,
  )
  const cases = words.map((word) => {
    const specs = word.options.flatMap(({ long, description, required, optional, argChoices }) => {
      if (long === undefined || long === null) return []
      const value =
        argChoices !== undefined
          ? `:value:(${argChoices.join(' ')})`
          : required || optional
            ? ':value:_files'
            : ''
      return [`        ${quote(`${long}[${description.replaceAll(/[[\]:]/g, ' ')}]${value}`)}`]
    })
    const argument = word.values.length > 0 ? `:value:(${word.values.join(' ')})` : ':file:_files'
    return `      ${word.name})\n        _arguments \\\n${[...specs, `        ${quote(`*${argument}`)}`].join(' \\\n')}\n        ;;`
  })
  return `#compdef ${program}
_${identifier(program)}() {
  local -a commands=(
${commands.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
  else
    local command="\${words[2]}"
    shift words
    ((CURRENT--))
    case "$command" in
${cases.join('\n')}
    esac
  fi
}
_${identifier(program)} "$@"
`
}

function fish(program: string, words: readonly Word[]): string {
  const lines = words.flatMap((word) => [
    `complete -c ${program} -n __fish_use_subcommand -f -a ${word.name} -d ${quote(word.description)}`,
    ...(word.values.length > 0
      ? [
          `complete -c ${program} -n '__fish_seen_subcommand_from ${word.name}' -a ${quote(word.values.join(' '))}`,
        ]
      : []),
    ...word.options.flatMap(({ long, description, required, optional, argChoices }) => {
      if (long === undefined || long === null) return []
      const value =
        argChoices !== undefined ? ` -x -a ${quote(argChoices.join(' '))}` : required || optional ? ' -r' : ''
      return [
        `complete -c ${program} -n '__fish_seen_subcommand_from ${word.name}' -l ${long.slice(2)}${value} -d ${quote(description)}`,
      ]
    }),
  ])
  return `# fish completion of ${program}\n${lines.join('\n')}\n`
}

function identifier(program: string): string {
  return program.replaceAll('-', '_')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
