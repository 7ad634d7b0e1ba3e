import { join } from 'node:path'
import type { CheckResult } from '../../verdict/check.ts'
import { PROVED_BY_SPECS } from '../left-out.ts'
import type { Stage } from '../stage.ts'

/** Runs the consumer specs, which run the real client; writes the pacts. */
export function contractStage(
  options: { pactDir?: string } = {},
): Stage & { readonly pactFiles: readonly string[] } {
  const pactFiles: string[] = []
  return {
    name: 'contract',
    pactFiles,
    async run({ runDir, signal, observer }) {
      const { runSpecs } = await import('../../../contracts/lib/pact/index.ts')
      const start = performance.now()
      const result = await runSpecs({ pactDir: options.pactDir ?? join(runDir, 'pacts'), signal })
      pactFiles.push(...result.pactFiles)
      const check: CheckResult = {
        id: 'contract/consumer-specs',
        kind: 'contract',
        title: 'the consumer specs pass through the real client, and the pacts they write are sound',
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
