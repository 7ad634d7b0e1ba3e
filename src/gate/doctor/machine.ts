import { existsSync } from 'node:fs'
import { brokerFromEnvironment } from '../../broker/broker.ts'
import { connect } from '../../broker/http.ts'
import type { Config } from '../../config/schema.ts'
import { findK6 } from '../../engine/k6/binary.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { findChromium } from './chromium.ts'
import type { Examination } from './examination.ts'

/** What the harness needs of the machine, and what some of its uses need. */
export function machineExaminations(config: Config, env: NodeJS.ProcessEnv): Examination[] {
  return [
    { title: 'Node runs the harness', examine: async () => process.version },
    {
      title: 'the native Pact library loads',
      examine: async () => {
        try {
          await import('@pact-foundation/pact-core')
        } catch (cause) {
          throw new HarnessError(
            'HARNESS',
            'PACT_LIBRARY',
            `it does not: ${cause instanceof Error ? cause.message : cause}`,
            {
              remedy: 'npm ci --include=optional: the library comes as an optional package for each platform',
              cause,
            },
          )
        }
        return `${process.platform} ${process.arch}`
      },
    },
    {
      title: 'the Pact Broker answers',
      optional: true,
      examine: async () => {
        const broker = brokerFromEnvironment(config, env)
        await connect(broker, AbortSignal.timeout(10_000))
        return broker.baseUrl
      },
    },
    {
      title: 'k6 is there, for --engine k6',
      optional: true,
      examine: async () => {
        const { path, version } = await findK6(env)
        return `${path}, ${version}`
      },
    },
    {
      title: 'Chromium is there, for the tests of the report',
      optional: true,
      examine: async () => {
        const path = findChromium(env)
        if (path === undefined || !existsSync(path)) {
          throw new HarnessError('HARNESS', 'CHROMIUM_MISSING', 'there is none', {
            remedy: 'install chromium, or set CHROMIUM to its path',
          })
        }
        return path
      },
    },
  ]
}
