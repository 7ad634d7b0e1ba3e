import { parentPort, workerData } from 'node:worker_threads'
import fastify from 'fastify'
import { startProvider } from '../src/provider/index.ts'

/** One of the two servers that `provider.ts` compares; says its URL, and serves until the thread is ended. */
interface Constant {
  headers: Record<string, string>
  body: string
}

const { role, data } = workerData as
  | ({ role: 'provider' } & { data?: undefined })
  | { role: 'bare'; data: Constant }

if (role === 'provider') {
  parentPort?.postMessage((await startProvider()).url)
} else {
  const app = fastify()
  const { headers, body } = data
  app.post('/', (_request, reply) => reply.headers(headers).send(body))
  parentPort?.postMessage(await app.listen({ host: '127.0.0.1', port: 0 }))
}
