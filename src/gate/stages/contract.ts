import { join } from 'node:path'
import type { CheckResult } from '../../verdict/check.ts'
import { PROVED_BY_SPECS } from '../left-out.ts'
import type { Stage } from '../stage.ts'

const SPECS = {
  id: 'contract/consumer-specs',
  title: 'the consumer specs pass through the real client, and the pacts they write are sound',
} as const

/** Runs the consumer specs, which run the real client; writes the pacts. */
export function contractStage(
  options: { pactDir?: string } = {},
): Stage & { readonly pactFiles: readonly string[] } {
  const pactFiles: string[] = []
  return {
    name: 'contract',
    pactFiles,
    list: async () => [{ id: SPECS.id, clauses: PROVED_BY_SPECS, title: SPECS.title }],
    async run({ runDir, signal, observer }) {
      const { runSpecs } = await import('../../../contracts/lib/pact/index.ts')
      const start = performance.now()
      const result = await runSpecs({ pactDir: options.pactDir ?? join(runDir, 'pacts'), signal })
      pactFiles.push(...result.pactFiles)
      const check: CheckResult = {
        id: SPECS.id,
        kind: 'contract',
        title: SPECS.title,
        clauses: [...PROVED_BY_SPECS],
        verdict: result.verdict,
        ...(result.verdict === 'not evaluated' && { reason: 'no spec ran' }),
        failures: [...result.failures],
        exchanges: [],
        durationMs: performance.now() - start,
      }
      observer.check?.(check)
      return { checks: [check] }
    },
  }
}
