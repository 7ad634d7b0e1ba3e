/**
 * The four verdicts of a clause or a check. Nothing that was not evaluated ever counts as held.
 * The order is the order of precedence when several checks prove one clause.
 */
export const VERDICTS = ['broken', 'not evaluated', 'held', 'not provable here'] as const

export type Verdict = (typeof VERDICTS)[number]

/**
 * The verdict of a whole from those of its parts: one broken part breaks it, one part that was not evaluated
 * leaves it unevaluated, and what cannot be proved here never hides what was. No parts: not evaluated.
 */
export function combineVerdicts(parts: Iterable<Verdict>): Verdict {
  const seen = new Set(parts)
  return VERDICTS.find((verdict) => seen.has(verdict)) ?? 'not evaluated'
}
