import type { KillMatrix } from '../verdict/kill-matrix.ts'
import { painter } from './terminal.ts'

/** The kill matrix for a terminal: a line a defect with the checks that killed it, and whatever keeps the gate unproved. */
export function renderKillMatrix(matrix: KillMatrix, { color }: { color: boolean }): string {
  const paint = painter(color)
  const width = Math.max(0, ...matrix.defects.map(({ id }) => id.length))
  const lines = matrix.defects.map(({ id, clauses, fate, killedBy, alsoBroke, reason }) => {
    const head = `${id.padEnd(width)}  ${clauses.join(' ')}`
    if (fate === 'killed') return `${paint('green', '✓')} ${head}  ${paint('dim', killedBy.join(' '))}`
    return `${paint('red', `✗ ${head}  ${fate}`)} ${[reason, ...alsoBroke].filter((part) => part !== undefined).join(' ')}`
  })
  const killed = matrix.defects.filter(({ fate }) => fate === 'killed').length
  lines.push('', `${killed} of ${matrix.defects.length} defects killed, by ${matrix.checks.length} checks`)
  if (matrix.falseAlarms.length > 0)
    lines.push(paint('red', `broken on the correct provider: ${matrix.falseAlarms.join(', ')}`))
  if (matrix.unevaluated.length > 0)
    lines.push(
      paint('magenta', `without a verdict on the correct provider: ${matrix.unevaluated.join(', ')}`),
    )
  if (matrix.idle.length > 0) lines.push(paint('red', `checks that kill nothing: ${matrix.idle.join(', ')}`))
  return `${lines.join('\n')}\n`
}
