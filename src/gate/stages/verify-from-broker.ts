import type { BrokerVerification, VerifyFromBrokerOptions } from '../../broker/verify-from-broker.ts'
import type { Stage } from '../stage.ts'

export interface VerifyFromBrokerStageOptions extends Omit<VerifyFromBrokerOptions, 'verify' | 'signal'> {
  filter?: string | undefined
  /** Told what became of each pact, which no check says. */
  onVerified: (verification: BrokerVerification) => void
}

/** Replays the pacts that the broker gives out, and tells it what was found. */
export function verifyFromBrokerStage({
  filter,
  onVerified,
  ...options
}: VerifyFromBrokerStageOptions): Stage {
  return {
    name: 'verify',
    async run({ target, signal, observer }) {
      const { verifyPacts } = await import('../../../contracts/lib/pact/index.ts')
      const { verifyFromBroker } = await import('../../broker/verify-from-broker.ts')
      const verification = await verifyFromBroker({
        ...options,
        signal,
        verify: async (pactFile) => {
          const { checks } = await verifyPacts({
            target,
            pactFiles: [pactFile],
            ...(filter !== undefined && { filter }),
            onCheck: (check) => observer.check?.(check),
            signal,
          })
          return checks
        },
      })
      onVerified(verification)
      return { checks: verification.checks }
    },
  }
}
