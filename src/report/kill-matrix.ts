import type { Claim, KillMatrix } from '../verdict/kill-matrix.ts'
import { painter } from './terminal.ts'

/** The kill matrix for a terminal: a line a defect with the checks that killed it, and whatever keeps the gate unproved. */
export function renderKillMatrix(matrix: KillMatrix, { color }: { color: boolean }): string {
  const paint = painter(color)
  const width = Math.max(0, ...matrix.defects.map(({ id }) => id.length))
  const lines = matrix.defects.map(({ id, clauses, fate, killedBy, alsoBroke, reason }) => {
    const head = id.padEnd(width)
    if (fate === 'killed') {
      const kills = byClause(killedBy).map(
        ([clause, checks]) => `${clause}  ${paint('dim', checks.join(' '))}`,
      )
      return `${paint('green', '✓')} ${head}  ${kills.join('  ')}`
    }
    return `${paint('red', `✗ ${head}  ${clauses.join(' ')}  ${fate}`)} ${[reason, ...alsoBroke].filter((part) => part !== undefined).join(' ')}`
  })
  lines.push(
    '',
    `${killSummary(matrix)}; exempt: ${matrix.exempt.map(({ clause }) => clause).join(', ') || 'none'}`,
  )
  for (const { what, which, verdict } of killProblems(matrix)) {
    lines.push(paint(verdict === 'broken' ? 'red' : 'magenta', `${what.toLowerCase()}: ${which.join(', ')}`))
  }
  return `${lines.join('\n')}\n`
}

interface KillProblem {
  readonly what: string
  readonly which: readonly string[]
  readonly verdict: 'broken' | 'not evaluated'
}

/** What keeps the gate unproved, beside the defects that live. */
export function killProblems(matrix: KillMatrix): KillProblem[] {
  const { falseAlarms, unevaluated, idle, unheard, idleProofs } = matrix
  const problems: KillProblem[] = [
    { what: 'Broken on the correct provider', which: falseAlarms, verdict: 'broken' },
    { what: 'Without a verdict on the correct provider', which: unevaluated, verdict: 'not evaluated' },
    { what: 'Claims that kill no defect of their clause', which: idle.map(claimText), verdict: 'broken' },
    {
      what: 'Claims that kill no defect, and gave no verdict on one',
      which: unheard.map(claimText),
      verdict: 'not evaluated',
    },
    {
      what: 'Ways of proof that kill no defect of their clause',
      which: idleProofs.map(proofText),
      verdict: 'broken',
    },
  ]
  return problems.filter(({ which }) => which.length > 0)
}

/** `72 of 72 defects killed, by 215 checks with 287 claims`. */
export function killSummary({ defects, checks, claims }: KillMatrix): string {
  const killed = defects.filter(({ fate }) => fate === 'killed').length
  return `${killed} of ${defects.length} planted defects killed, by ${checks.length} checks with ${claims} claims to prove a clause`
}

/** The checks that killed a defect, by the clause that each found broken. */
export function byClause(claims: readonly Claim[]): [clause: string, checks: string[]][] {
  return [...Map.groupBy(claims, ({ clause }) => clause)].map(([clause, of]) => [
    clause,
    of.map(({ check }) => check),
  ])
}

function claimText({ check, clause }: Claim): string {
  return `${check} of ${clause}`
}

function proofText({ clause, proof }: KillMatrix['idleProofs'][number]): string {
  return `${clause} by ${proof}`
}
