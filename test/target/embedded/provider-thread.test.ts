import { expect } from 'chai'
import { ProviderThread } from '../../../src/target/embedded/provider-thread.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { rejection } from '../../client/local-server.ts'

/** A thread that says it listens. */
const LISTENING = `import { parentPort } from 'node:worker_threads'
parentPort.postMessage({ kind: 'listening', url: 'http://127.0.0.1:1', statesUrl: 'http://127.0.0.1:1/_states' })
`

const start = (code: string, timeoutMs?: number): Promise<ProviderThread> =>
  ProviderThread.start({}, new URL(`data:text/javascript,${encodeURIComponent(code)}`), timeoutMs)

describe('ProviderThread', () => {
  const crashed = (error: unknown, why: string): void => {
    expect(error).to.be.instanceOf(HarnessError).and.include({ kind: 'HARNESS', code: 'PROVIDER_CRASHED' })
    expect(String(error)).to.include(why)
  }

  for (const [what, code, why] of [
    ['throws', "throw new Error('out of luck')", 'out of luck'],
    ['ends without a word', '', 'its thread ended with code 0'],
    ['exits', 'process.exit(7)', 'its thread ended with code 7'],
    ['does not say anything', 'setInterval(() => {}, 1000)', 'it did not start within 300 ms'],
  ] as const) {
    it(`fails and does not hang where the thread ${what} at the start`, async () => {
      crashed(await rejection(start(code, what.startsWith('does not') ? 300 : undefined)), why)
    })
  }

  it('tells of a crash later on, and closes all the same', async () => {
    const thread = await start(`${LISTENING}
      parentPort.once('message', () => { throw new Error('out of memory') })`)
    thread.assertAlive()
    await thread.close()
    crashed(await rejection((async () => thread.assertAlive())()), 'out of memory')
    await thread.close()
  })

  it('tells of a thread that ended by itself', async () => {
    const thread = await start(`${LISTENING} setTimeout(() => process.exit(3), 50)`)
    await until(() => throws(() => thread.assertAlive()))
    crashed(await rejection((async () => thread.assertAlive())()), 'its thread ended with code 3')
    await thread.close()
  })

  it('does not take its own closing for a crash', async () => {
    const thread = await start(`${LISTENING} parentPort.once('message', () => parentPort.close())`)
    await thread.close()
    thread.assertAlive()
  })

  it('ends a thread that does not close', async () => {
    const thread = await start(`${LISTENING} setInterval(() => {}, 1000)`)
    await thread.close(100)
    thread.assertAlive()
  })
})

function throws(call: () => void): boolean {
  try {
    call()
    return false
  } catch {
    return true
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}
