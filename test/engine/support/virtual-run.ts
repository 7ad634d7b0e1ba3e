import { type RunOptions, type RunOutput, TestRun } from '../../../src/engine/run/test-run.ts'
import { writeScript } from './scripts.ts'
import { type Service, simulatedTransport } from './simulated-transport.ts'
import { VirtualClock } from './virtual-clock.ts'

/** A request that is answered after `ms`. */
export function answersAfter(ms: number): Service {
  return (arrival) => arrival + ms
}

export interface VirtualRun {
  readonly output: RunOutput
  /** What the script logged. */
  readonly lines: readonly string[]
}

/** Runs a script's text on virtual time against a simulated target. */
export async function runVirtually(
  text: string,
  {
    service = answersAfter(10),
    clock = new VirtualClock(),
    ...options
  }: Partial<RunOptions> & { service?: Service; clock?: VirtualClock } = {},
): Promise<VirtualRun> {
  const lines: string[] = []
  const run = new TestRun(
    {
      script: writeScript(text),
      env: {},
      scenario: 'test',
      profile: 'test',
      log: (line) => lines.push(line),
      ...options,
    },
    { clock, newTransport: simulatedTransport(service) },
  )
  return { output: await clock.runUntil(run.run()), lines }
}

/** A script with these scenarios, whose iterations each make one request. */
export function requestScript(scenarios: unknown, more = ''): string {
  return `
    import http from 'k6/http'
    export const options = { scenarios: ${JSON.stringify(scenarios)} }
    ${more}
    export default async () => { await http.asyncRequest('GET', 'http://target.test/') }
  `
}
