import type { VerifierProcess } from '../../../contracts/lib/pact/index.ts'
import type { Stage } from '../stage.ts'

/**
 * Replays pacts against the target.
 * @param options.verifier see VerifyOptions
 * @param options.pactFiles read when the stage starts, so that it may be the list that an earlier stage fills
 */
export function verifyStage(options: {
  pactFiles: readonly string[]
  filter?: string | undefined
  clauses?: readonly string[] | undefined
  verifier?: VerifierProcess
}): Stage {
  return {
    name: 'verify',
    async list() {
      const { listInteractions } = await import('../../../contracts/lib/pact/index.ts')
      return listInteractions(options.pactFiles, options)
    },
    async needs() {
      const { statesOfPacts } = await import('../../../contracts/lib/pact/index.ts')
      return statesOfPacts(options.pactFiles)
    },
    async run({ target, signal, observer }) {
      const { verifyPacts } = await import('../../../contracts/lib/pact/index.ts')
      const result = await verifyPacts({
        target,
        pactFiles: [...options.pactFiles],
        ...(options.filter !== undefined && { filter: options.filter }),
        ...(options.clauses !== undefined && { clauses: options.clauses }),
        ...(options.verifier !== undefined && { verifier: options.verifier }),
        onCheck: (check) => observer.check?.(check),
        signal,
      })
      return { checks: result.checks, error: result.error }
    },
  }
}
