import type { Stage } from '../stage.ts'

export interface CheckSelection {
  /** Only checks that name one of these. */
  readonly clauses?: readonly string[] | undefined
  /** Only checks whose id or title contains this, in any case. */
  readonly grep?: string | undefined
}

/** Runs the stateful checks: all, or those that are selected. */
export function checkStage(selection: CheckSelection = {}): Stage {
  return {
    name: 'check',
    list: () => selectedChecks(selection),
    needs: async () => (await selectedChecks(selection)).flatMap(({ needs }) => needs),
    async run({ target, signal, observer }) {
      const { runChecks } = await import('../../../contracts/lib/behaviour/index.ts')
      const checks = await runChecks({
        target,
        checks: await selectedChecks(selection),
        onCheck: (check) => observer.check?.(check),
        signal,
      })
      return { checks }
    },
  }
}

async function selectedChecks({ clauses, grep }: CheckSelection) {
  const { CHECKS } = await import('../../../contracts/lib/behaviour/index.ts')
  const part = grep?.toLowerCase()
  return CHECKS.filter(
    (check) =>
      (clauses === undefined || check.clauses.some((clause) => clauses.includes(clause))) &&
      (part === undefined || `${check.id}\n${check.title}`.toLowerCase().includes(part)),
  )
}
