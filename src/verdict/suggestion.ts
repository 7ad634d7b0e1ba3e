import { closestMatch } from 'leven'

/** Distance up to which a misspelt name is taken for a known one. */
const DISTANCE = 4

/** `; did you mean "siteId"?`, where something known is close enough; else nothing. */
export function suggestion(name: string, known: readonly string[]): string {
  const match = closestMatch(name, known, {
    maxDistance: Math.min(DISTANCE, Math.floor(name.length / 2)),
  })
  return match === undefined ? '' : `; did you mean "${match}"?`
}
