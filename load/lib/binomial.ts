/**
 * The most successes that chance explains: the smallest b for which more than b successes in `trials`, each with
 * chance `p`, have a chance of less than `alarm`.
 */
export function mostByChance(trials: number, p: number, alarm = 1e-9): number {
  let tail = 0
  for (let successes = trials; successes > 0; successes--) {
    tail += Math.exp(logChance(successes, trials, p))
    if (tail >= alarm) return successes
  }
  return 0
}

/** Natural logarithm of the chance of exactly so many successes. */
function logChance(successes: number, trials: number, p: number): number {
  if (p <= 0) return successes === 0 ? 0 : -Infinity
  if (p >= 1) return successes === trials ? 0 : -Infinity
  let log = successes * Math.log(p) + (trials - successes) * Math.log(1 - p)
  for (let i = 1; i <= successes; i++) log += Math.log(trials - successes + i) - Math.log(i)
  return log
}
