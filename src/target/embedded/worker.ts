import { parentPort, workerData } from 'node:worker_threads'
import { type ProviderSettings, startProvider } from '../../provider/index.ts'
import type { WorkerMessage } from './provider-thread.ts'

/** Entry of the thread that the embedded provider lives in: says where it listens, and closes when told to. */
function say(message: WorkerMessage): void {
  parentPort?.postMessage(message)
}

try {
  const provider = await startProvider(workerData as Partial<ProviderSettings>)
  parentPort?.once('message', async () => {
    await provider.close()
    parentPort?.close()
  })
  say({ kind: 'listening', url: provider.url, statesUrl: provider.statesUrl })
} catch (error) {
  say({
    kind: 'failed',
    name: error instanceof Error ? error.name : 'Error',
    code:
      error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    message: error instanceof Error ? error.message : String(error),
  })
}
