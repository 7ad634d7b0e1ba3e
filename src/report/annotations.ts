import type { RunResult } from '../verdict/run-result.ts'
import { printable } from './terminal.ts'

/** GitHub keeps ten annotations of a kind for a step; the rest stand in the summary. */
const LIMIT = 10

/** GitHub workflow commands, one a failed check, which show in the pull request; for a runner only (GITHUB_ACTIONS). */
export function renderAnnotations(result: RunResult): string {
  const broken = result.checks.filter((check) => check.verdict === 'broken')
  const lines = broken.map((check) =>
    command(
      'error',
      `${check.clauses.join(' ')} ${check.title}`,
      check.failures.map(({ message }) => message).join('\n'),
    ),
  )
  if (result.error !== undefined)
    lines.unshift(command('error', `${result.error.kind} ${result.error.code}`, result.error.message))
  return lines.slice(0, LIMIT).join('')
}

function command(name: 'error', title: string, message: string): string {
  return `::${name} title=${escapeProperty(title)}::${escapeData(message)}\n`
}

function escapeData(text: string): string {
  return printable(text.replaceAll('\r', '\n')).replaceAll('%', '%25').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
