import type { Stage } from '../stage.ts'

/** Runs the stateful checks: all, or those that name one of the clauses. */
export function checkStage(options: { clauses?: readonly string[] } = {}): Stage {
  return {
    name: 'check',
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
