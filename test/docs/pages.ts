import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/verdict/package-root.ts'

export interface Page {
  /** From the root of the package. */
  readonly path: string
  readonly text: string
}

/** Every page that a reader is sent to. */
export function readPages(): Page[] {
  const docs = readdirSync(join(packageRoot, 'docs')).filter((name) => name.endsWith('.md'))
  return ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)].map((path) => ({
    path,
    text: readFileSync(join(packageRoot, path), 'utf8'),
  }))
}

export interface Fence {
  readonly language: string
  readonly lines: readonly string[]
}

/** The fenced blocks of a page, also of those inside a list. */
export function fencesOf(text: string): Fence[] {
  return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map(
    ([, indent = '', language = '', body = '']) => ({
      language,
      lines: body.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)),
    }),
  )
}

/** Commands of shell lines: continued lines joined, comments and empty lines gone. */
export function commandsOf(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replace(/ *\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#(?=\s).*$/, '').trim())
    .filter((line) => line !== '')
}

const PROGRAM = /^(?:npx auth-harness|npm run auth-harness --|auth-harness)(?: |$)/

/** What follows the program's name, as the shell would read it; undefined where the line calls another program. */
export function argumentsOf(command: string): string | undefined {
  return PROGRAM.test(command) ? command.replace(PROGRAM, '').trim() : undefined
}
