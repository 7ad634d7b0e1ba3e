import { Worker } from 'node:worker_threads'
import autocannon from 'autocannon'

/**
 * The rate at which the reference provider issues guest tokens, against that of a bare Fastify route which answers
 * a constant of the same size to the same request. Both serve from a thread of their own; short turns alternate,
 * so that whatever else the machine does meets both alike, and medians are compared.
 *
 * Run: node bench/provider.ts [turns]
 */
const CONNECTIONS = 32
const TURN_SECONDS = 2
const CLIENT_ID = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const BODY = '{"type":"guest"}'

export interface ProviderBench {
  /** Guest tokens a second, the median of the turns. */
  guestTokensPerSecond: number
  /** Requests a second of the bare route, the median of the turns. */
  barePerSecond: number
  ratio: number
}

export async function benchProvider(turns = 5): Promise<ProviderBench> {
  const provider = await serve('provider')
  const authUrl = `${provider.url}/s/RefArch/dw/shop/v25_6/customers/auth`
  const bare = await serve('bare', await sampleAnswer(authUrl))
  try {
    const tokens: number[] = []
    const answers: number[] = []
    // The first turn of each warms up.
    for (let turn = 0; turn <= turns; turn++) {
      const tokenRate = await rate(authUrl)
      const answerRate = await rate(bare.url)
      if (turn === 0) continue
      tokens.push(tokenRate)
      answers.push(answerRate)
    }
    const guestTokensPerSecond = median(tokens)
    const barePerSecond = median(answers)
    return { guestTokensPerSecond, barePerSecond, ratio: guestTokensPerSecond / barePerSecond }
  } finally {
    await Promise.all([provider.close(), bare.close()])
  }
}

/** What the bare route answers: the body and the headers of a guest's answer. */
async function sampleAnswer(authUrl: string): Promise<{ headers: Record<string, string>; body: string }> {
  const response = await fetch(authUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dw-client-id': CLIENT_ID },
    body: BODY,
  })
  const headers = Object.fromEntries(
    ['authorization', 'content-type', 'cache-control', 'date'].map((name) => [
      name,
      response.headers.get(name) ?? '',
    ]),
  )
  return { headers, body: await response.text() }
}

/** Answers of 200 in a second. @throws {Error} any other answer: the figures would be of something else */
async function rate(url: string): Promise<number> {
  const result = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dw-client-id': CLIENT_ID },
    body: BODY,
    connections: CONNECTIONS,
    duration: TURN_SECONDS,
  })
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers other than 2xx`)
  }
  return result['2xx'] / result.duration
}

async function serve(
  role: 'provider' | 'bare',
  data?: unknown,
): Promise<{ url: string; close(): Promise<number> }> {
  const worker = new Worker(new URL('./provider-server.ts', import.meta.url), { workerData: { role, data } })
  const url = await new Promise<string>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  return { url, close: () => worker.terminate() }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

if (import.meta.main) {
  const { guestTokensPerSecond, barePerSecond, ratio } = await benchProvider(Number(process.argv[2] ?? 5))
  console.log(`guest tokens      ${Math.round(guestTokensPerSecond)} /s`)
  console.log(`bare Fastify      ${Math.round(barePerSecond)} /s`)
  console.log(`ratio             ${ratio.toFixed(2)} (at least 0.60)`)
  if (!(ratio >= 0.6)) process.exitCode = 1
}
