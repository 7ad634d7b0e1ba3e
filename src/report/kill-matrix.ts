import { styleText } from 'node:util'
import type { DefectFate, KillMatrix } from '../verdict/kill-matrix.ts'

const FORMAT: Record<DefectFate['fate'], Parameters<typeof styleText>[0]> = {
  killed: 'green',
  survived: 'red',
  'killed by unrelated checks only': 'red',
  'not evaluated': 'magenta',
}

/** The kill matrix for a terminal: a line a defect with the checks that killed it, and whatever keeps the gate unproved. */
export function renderKillMatrix(matrix: KillMatrix, { color }: { color: boolean }): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text
  const width = Math.max(0, ...matrix.defects.map(({ id }) => id.length))
  const lines = matrix.defects.map(({ id, clauses, fate, killedBy, alsoBroke, reason }) => {
    const by =
      fate === 'killed'
        ? killedBy.join(' ')
        : [reason, ...alsoBroke].filter((part) => part !== undefined).join(' ')
    return `${paint(FORMAT[fate], fate === 'killed' ? '✓' : '✗')} ${id.padEnd(width)}  ${clauses.join(' ')}  ${fate === 'killed' ? '' : `${paint(FORMAT[fate], fate)} `}${by}`
  })
  const killed = matrix.defects.filter(({ fate }) => fate === 'killed').length
  lines.push('', `${killed} of ${matrix.defects.length} defects killed, by ${matrix.checks.length} checks`)
  if (matrix.falseAlarms.length > 0)
    lines.push(paint('red', `not held on the correct provider: ${matrix.falseAlarms.join(', ')}`))
  if (matrix.idle.length > 0) lines.push(paint('red', `checks that kill nothing: ${matrix.idle.join(', ')}`))
  return `${lines.join('\n')}\n`
}
