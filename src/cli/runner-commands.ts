/** What a runner obeys: GitHub at the start of a line, GitHub's older form and Azure's anywhere in it. */
const AT_START = /(^|\n)([^\S\n]*)::/g
const ANYWHERE = /##(?=\[|vso\[)/g
/** Shows nothing, and is no blank: runners take blanks away first. */
const BREAK = '\u200B'

/** Text in which no line is a command to the runner of a CI: what a target says must not set a variable of a build. */
export function withoutRunnerCommands(text: string): string {
  return text.replace(AT_START, `$1$2${BREAK}::`).replace(ANYWHERE, `#${BREAK}#`)
}

/** The same for JSON, whose value stays what it was. */
export function jsonWithoutRunnerCommands(text: string): string {
  return text.replace(ANYWHERE, '\\u0023#')
}

const rawError = process.stderr.write.bind(process.stderr)

/** For commands to the runner that are our own. */
export const runnerStream = { write: (text: string): boolean => rawError(text) }

/** From now on nothing that is written to either stream is a command to a runner, but for {@link runnerStream}. */
export function guardOutput(json: boolean): void {
  guard(process.stdout, json ? jsonWithoutRunnerCommands : withoutRunnerCommands)
  guard(process.stderr, withoutRunnerCommands)
}

function guard(stream: NodeJS.WriteStream, clean: (text: string) => string): void {
  const write = stream.write.bind(stream)
  stream.write = (chunk: string | Uint8Array, ...rest: never[]) =>
    write(typeof chunk === 'string' ? clean(chunk) : chunk, ...rest)
}
