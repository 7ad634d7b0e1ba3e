import { Writable } from 'node:stream'
import { expect } from 'chai'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import { MetricRegistry } from '../../../src/engine/metrics/registry.ts'
import { type NdjsonChunk, NdjsonEncoder } from '../../../src/engine/output/ndjson.ts'
import { NdjsonWriter } from '../../../src/engine/output/writer.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'

const TIME = Date.UTC(2026, 10, 24, 1, 2, 3, 45)

function encoded(record: (registry: MetricRegistry) => void, selectors: string[] = []): NdjsonChunk[] {
  const chunks: NdjsonChunk[] = []
  const thresholds = [
    { metric: 'http_reqs', thresholds: [{ expression: 'count>1', abortOnFail: false, delayAbortEval: 0 }] },
  ]
  const encoder = new NdjsonEncoder(
    (chunk) => chunks.push(structuredClone(chunk)),
    () => TIME,
    thresholds,
  )
  record(new MetricRegistry({ selectors, observe: encoder.observe }))
  encoder.flush()
  return chunks
}

const text = (chunks: readonly NdjsonChunk[]) =>
  chunks.map(({ metrics, points }) => `${metrics.map(([, line]) => line).join('')}${points}`).join('')

describe('samples as NDJSON', () => {
  it("are k6's two kinds of line", () => {
    const chunks = encoded(
      (registry) => {
        const series = registry.series(BUILT_IN.httpReqs, registry.tagSet({ status: '200', name: 'a "b"' }))
        series.record(1)
        series.record(1)
        registry.series(BUILT_IN.httpReqDuration, registry.noTags).record(12.5)
      },
      ['http_reqs{status:200}'],
    )
    const lines = text(chunks)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    const point = {
      metric: 'http_reqs',
      type: 'Point',
      data: { time: '2026-11-24T01:02:03.045Z', value: 1, tags: { name: 'a "b"', status: '200' } },
    }
    expect(lines).to.deep.equal([
      {
        type: 'Metric',
        data: {
          name: 'http_reqs',
          type: 'counter',
          contains: 'default',
          thresholds: ['count>1'],
          submetrics: [{ name: 'http_reqs{status:200}', suffix: 'status:200', tags: { status: '200' } }],
        },
        metric: 'http_reqs',
      },
      {
        type: 'Metric',
        data: {
          name: 'http_req_duration',
          type: 'trend',
          contains: 'time',
          thresholds: [],
          submetrics: [
            {
              name: 'http_req_duration{expected_response:true}',
              suffix: 'expected_response:true',
              tags: { expected_response: 'true' },
            },
          ],
        },
        metric: 'http_req_duration',
      },
      point,
      point,
      {
        metric: 'http_req_duration',
        type: 'Point',
        data: { time: '2026-11-24T01:02:03.045Z', value: 12.5, tags: {} },
      },
    ])
  })

  it('are handed on in chunks of whole lines', () => {
    const chunks = encoded((registry) => {
      const series = registry.series(BUILT_IN.httpReqs, registry.tagSet({ name: 'x'.repeat(100) }))
      for (let i = 0; i < 2_000; i++) series.record(1)
    })
    expect(chunks.length).to.be.greaterThan(3)
    expect(chunks.reduce((sum, { count }) => sum + count, 0)).to.equal(2_000)
    for (const { points } of chunks) expect(points.endsWith('\n')).to.equal(true)
  })

  it('hold no secret, though a script tags with one', () => {
    const token = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.c`
    const all = text(
      encoded((registry) => {
        const tags = { header: `Bearer ${token}`, url: 'http://me:hunter2@host/', token: 'plain-secret' }
        registry.series(BUILT_IN.httpReqs, registry.tagSet(tags)).record(1)
      }),
    )
    for (const secret of [token, 'hunter2', 'plain-secret']) expect(all).to.not.include(secret)
    for (const line of all.trimEnd().split('\n')) expect(() => JSON.parse(line)).to.not.throw()
  })
})

/** A disk that takes a chunk only when it is told to. */
function slowStream() {
  const written: string[] = []
  const waiting: (() => void)[] = []
  const stream = new Writable({
    highWaterMark: 10,
    decodeStrings: false,
    write(chunk: string, _, done) {
      written.push(chunk)
      waiting.push(done)
    },
  })
  const release = async () => {
    while (waiting.length > 0) {
      waiting.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { stream, written, release }
}

const chunk = (n: number, size = 5): NdjsonChunk => ({
  metrics: [['m', 'metric m\n']],
  points: `${String(n).padEnd(size, '.')}\n`,
  count: 1,
})

describe('the writer of samples', () => {
  it('introduces a metric once a file, however many workers do', async () => {
    const { stream, written, release } = slowStream()
    const writer = new NdjsonWriter(stream)
    writer.write(chunk(1))
    writer.write(chunk(2))
    const closed = writer.close()
    await release()
    await closed
    expect(written.join('')).to.equal('metric m\n1....\n2....\n')
  })

  it('gives a slow stream no more than it asks for', async () => {
    const { stream, release, written } = slowStream()
    const writer = new NdjsonWriter(stream)
    for (let n = 0; n < 100; n++) writer.write(chunk(n, 20))
    expect(stream.writableLength).to.be.lessThan(60)
    const closed = writer.close()
    await release()
    await closed
    expect(written.join('').match(/\n/g)?.length).to.equal(101)
  })

  it('says so when it could not keep up', async () => {
    const { stream, release } = slowStream()
    const writer = new NdjsonWriter(stream, 100)
    for (let n = 0; n < 50; n++) writer.write(chunk(n, 20))
    const closed = writer.close().then(
      () => undefined,
      (error: unknown) => error,
    )
    await release()
    const error = await closed
    expect(error).to.be.instanceOf(HarnessError)
    expect((error as HarnessError).message).to.match(/could not keep up: \d+ samples are missing/)
  })

  it('says so when the disk fails', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(new Error('ENOSPC: no space left')),
    })
    const writer = new NdjsonWriter(stream)
    writer.write(chunk(1))
    await new Promise((resolve) => setImmediate(resolve))
    writer.write(chunk(2))
    const error = await writer.close().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).to.include({ kind: 'HARNESS', code: 'OUTPUT_FAILED' })
    expect((error as HarnessError).message).to.include('ENOSPC')
  })
})
