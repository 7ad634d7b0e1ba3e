import type { Stage } from '../stage.ts'

/** Runs the stateful checks: all, or those that name one of the clauses. */
export function checkStage(options: { clauses?: readonly string[] } = {}): Stage {
  return {
    name: 'check',
    async needs() {
      const { CHECKS } = await import('../../../contracts/lib/behaviour/index.ts')
      const { clauses } = options
      return CHECKS.filter(
        (check) => clauses === undefined || check.clauses.some((clause) => clauses.includes(clause)),
      ).flatMap(({ needs }) => needs)
    },
    async run({ target, signal, observer }) {
      const { runChecks } = await import('../../../contracts/lib/behaviour/index.ts')
      const checks = await runChecks({
        target,
        ...(options.clauses && { clauses: options.clauses }),
        onCheck: (check) => observer.check?.(check),
        signal,
      })
      return { checks }
    },
  }
}
