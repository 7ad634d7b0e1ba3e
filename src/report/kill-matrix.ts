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
  const problem = (what: string, which: readonly string[], format: 'red' | 'magenta' = 'red') => {
    if (which.length > 0) lines.push(paint(format, `${what}: ${which.join(', ')}`))
  }
  problem('broken on the correct provider', matrix.falseAlarms)
  problem('without a verdict on the correct provider', matrix.unevaluated, 'magenta')
  problem('claims that kill no defect of their clause', matrix.idle.map(claimText))
  problem('claims that kill no defect, and gave no verdict on one', matrix.unheard.map(claimText), 'magenta')
  problem('ways of proof that kill no defect of their clause', matrix.idleProofs.map(proofText))
  return `${lines.join('\n')}\n`
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

export function claimText({ check, clause }: Claim): string {
  return `${check} of ${clause}`
}

export function proofText({ clause, proof }: KillMatrix['idleProofs'][number]): string {
  return `${clause} by ${proof}`
}
