import { expect } from 'chai'
import { runScript } from '../../../src/engine/index.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { loadResultSchema } from '../../../src/verdict/load-result.ts'
import { writeScript } from '../support/scripts.ts'
import { answersAfter, requestScript, runVirtually, type VirtualRun } from '../support/virtual-run.ts'

async function refusal(run: Promise<VirtualRun>): Promise<HarnessError> {
  try {
    await run
  } catch (error) {
    if (error instanceof HarnessError) return error
    throw error
  }
  throw new Error('the run was not refused')
}

const loop = (vus: number, duration: string, more = {}) => ({
  a: { executor: 'constant-vus', vus, duration, ...more },
})

describe('a run, on virtual time', () => {
  it('gives a result that keeps its schema', async () => {
    const { output } = await runVirtually(requestScript(loop(2, '2s')))
    const parsed = loadResultSchema.safeParse(output.result)
    expect(parsed.error?.issues ?? []).to.deep.equal([])
    expect(output.summary).to.include('http_reqs')
  })

  describe('setup and teardown', () => {
    it('gives each VU its own copy of what setup returned, and teardown the original', async () => {
      const { lines } = await runVirtually(`
        export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } }
        export async function setup() { return { list: [1], when: new Date(0), gone: undefined } }
        export default async (data) => { data.list.push(__VU); console.log('vu', JSON.stringify(data)) }
        export function teardown(data) { console.log('teardown', JSON.stringify(data)) }
      `)
      const when = '"when":"1970-01-01T00:00:00.000Z"'
      expect(lines.toSorted()).to.deep.equal([
        `INFO teardown {"list":[1],${when}}`,
        `INFO vu {"list":[1,1,1],${when}}`,
        `INFO vu {"list":[1,1],${when}}`,
        `INFO vu {"list":[1,2,2],${when}}`,
        `INFO vu {"list":[1,2],${when}}`,
      ])
    })

    it('tags the requests of setup and teardown with their group', async () => {
      const { output } = await runVirtually(`
        import http from 'k6/http'
        export const options = { thresholds: { 'http_reqs{group:::setup}': ['count==1'], 'http_reqs{group:::teardown}': ['count==2'] } }
        const get = () => http.asyncRequest('GET', 'http://target.test/')
        export const setup = get
        export default async () => {}
        export async function teardown() { await get(); await get() }
      `)
      expect(output.result.thresholds.map(({ verdict }) => verdict)).to.deep.equal(['held', 'held'])
    })

    it('reports an exception in setup with file and line, and runs nothing', async () => {
      const error = await refusal(
        runVirtually(`
          export function setup() {
            throw new Error('no customers')
          }
          export default async () => { console.log('ran') }
        `),
      )
      expect(error).to.include({ kind: 'CONFIG', code: 'SCRIPT_EXCEPTION' })
      expect(error.message).to.match(/^setup\(\) threw Error: no customers \(.*script\.ts:3:\d+\)$/)
    })

    it('ends a setup that takes longer than setupTimeout', async () => {
      const error = await refusal(
        runVirtually(
          `
          import http from 'k6/http'
          export const options = { setupTimeout: '2s' }
          export const setup = () => http.asyncRequest('GET', 'http://target.test/')
          export default async () => {}
          `,
          { service: answersAfter(5_000) },
        ),
      )
      expect(error).to.include({ kind: 'TARGET', code: 'SCRIPT_TIMEOUT' })
      expect(error.message).to.include('setupTimeout, 2000 ms')
    })

    it('keeps the result when teardown throws, and tells of it', async () => {
      const { output } = await runVirtually(`
        export default async () => {}
        export function teardown() { throw new Error('cannot clean up') }
      `)
      expect(output.result.iterations.completed).to.equal(1)
      expect(output.result.stopped?.by).to.equal('teardown')
      expect(output.result.stopped?.reason).to.match(/teardown\(\) threw Error: cannot clean up \(.*:3:/)
    })

    it('runs neither when it is told so', async () => {
      const { lines } = await runVirtually(`
        export const options = { noSetup: true, noTeardown: true }
        export const setup = () => console.log('setup')
        export const teardown = () => console.log('teardown')
        export default async (data) => console.log('data', typeof data)
      `)
      expect(lines).to.deep.equal(['INFO data undefined'])
    })
  })

  describe('iterations that throw', () => {
    it('are counted, and reported with file and line', async () => {
      const { output } = await runVirtually(`
        export const options = { vus: 1, iterations: 3 }
        export default async () => {
          await Promise.resolve()
          throw new TypeError('boom')
        }
      `)
      expect(output.result.iterations).to.include({ completed: 3, failed: 3 })
      const [exception] = output.result.exceptions
      expect(exception?.message).to.match(/^TypeError: boom \(.*script\.ts:5:\d+\)$/)
      expect(exception?.count).to.equal(3)
    })

    it('count where the exception comes from a timer, or from a promise that nobody awaits', async () => {
      const { output } = await runVirtually(`
        export const options = { scenarios: {
          timer: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'timer' },
          floating: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'floating' },
        } }
        export async function timer() { setTimeout(() => { throw new Error('late') }, 10) }
        export async function floating() { void Promise.reject(new Error('alone')) }
      `)
      const messages = output.result.exceptions.map(({ message }) => message).toSorted()
      expect(messages[0]).to.match(/^Error: late \(.*script\.ts:6:/)
      expect(messages[1]).to.match(/^unhandled rejection: Error: alone \(.*script\.ts:7:/)
      expect(output.result.iterations.failed).to.equal(2)
    })

    it('hide no secret in what is reported', async () => {
      const { output } = await runVirtually(`
        export default async () => { throw new Error('refused: Bearer eyJhbGciOiJub25lIn0.e30.c2ln') }
      `)
      expect(output.result.exceptions[0]?.message).to.include('[redacted]').and.not.include('eyJ')
    })

    it('fail when they wait for what nothing will settle', async () => {
      const { output } = await runVirtually(`
        export default async () => { await new Promise(() => {}) }
      `)
      expect(output.result.iterations).to.include({ completed: 1, failed: 1 })
      expect(output.result.exceptions[0]?.message).to.include('a promise that nothing will settle')
    })
  })

  it('lets an iteration last until all that it started has ended', async () => {
    const { output, lines } = await runVirtually(
      `
      import http from 'k6/http'
      export const options = { vus: 1, iterations: 1 }
      export default async () => {
        setTimeout(() => console.log('timer'), 500)
        void http.asyncRequest('GET', 'http://target.test/')
          .then(() => http.asyncRequest('GET', 'http://target.test/'))
          .then(() => console.log('requests'))
      }
      `,
      { service: answersAfter(400) },
    )
    expect(lines).to.deep.equal(['INFO timer', 'INFO requests'])
    expect(output.result.metrics.iteration_duration?.values.max).to.be.within(800, 805)
    expect(output.result.metrics.http_reqs?.values.count).to.equal(2)
  })

  describe('ended early', () => {
    it('by the signal: iterations end within gracefulStop, teardown runs', async () => {
      const controller = new AbortController()
      const { output, lines } = await runVirtually(
        `${requestScript(loop(2, '1h'))}
         export const teardown = () => console.log('teardown')`,
        {
          signal: controller.signal,
          service: answersAfter(700),
          onProgress: ({ elapsedMs }) => {
            if (elapsedMs > 3_900) controller.abort()
          },
        },
      )
      expect(output.result.interrupted).to.equal(true)
      expect(output.result.iterations).to.include({ completed: 12, interrupted: 0 })
      expect(output.result.durationMs).to.be.within(4_200, 4_220)
      expect(lines).to.deep.equal(['INFO teardown'])
    })

    it('by the hard signal: at once, without teardown', async () => {
      const controller = new AbortController()
      const { output, lines } = await runVirtually(
        `${requestScript(loop(2, '1h'))}
         export const teardown = () => console.log('teardown')`,
        {
          hardSignal: controller.signal,
          service: answersAfter(700),
          onProgress: ({ elapsedMs }) => {
            if (elapsedMs > 3_900) controller.abort()
          },
        },
      )
      expect(output.result.interrupted).to.equal(true)
      expect(output.result.iterations).to.include({ completed: 10, interrupted: 2 })
      expect(output.result.durationMs).to.be.within(4_000, 4_010)
      expect(lines).to.deep.equal([])
    })

    it('by exec.test.abort, which says why', async () => {
      const { output, lines } = await runVirtually(`
        import exec from 'k6/execution'
        export const options = { vus: 3, duration: '1h' }
        export default async () => {
          await new Promise((done) => setTimeout(done, 100))
          if (__VU === 2 && __ITER === 4) exec.test.abort('enough')
        }
        export const teardown = () => console.log('teardown')
      `)
      expect(output.result.stopped).to.deep.equal({ by: 'abort', reason: 'test aborted: enough' })
      expect(output.result.durationMs).to.be.below(1_000)
      expect(output.result.exceptions).to.deep.equal([])
      expect(lines).to.deep.equal(['INFO teardown'])
    })

    it('by a threshold with abortOnFail, when delayAbortEval is over', async () => {
      const { output } = await runVirtually(`
        import http from 'k6/http'
        export const options = {
          vus: 1, duration: '1h',
          thresholds: { http_req_duration: [{ threshold: 'p(95)<5', abortOnFail: true, delayAbortEval: '7s' }] },
        }
        export default () => http.asyncRequest('GET', 'http://target.test/')
      `)
      expect(output.result.stopped).to.deep.equal({ by: 'threshold', reason: 'http_req_duration: p(95)<5' })
      expect(output.result.durationMs).to.be.within(7_000, 9_100)
      expect(output.result.thresholds[0]?.verdict).to.equal('broken')
    })

    it('not by exec.test.fail, which marks it', async () => {
      const { output } = await runVirtually(`
        import exec from 'k6/execution'
        export const options = { vus: 1, iterations: 3 }
        export default async () => { exec.test.fail('not good') }
      `)
      expect(output.result.stopped).to.deep.equal({ by: 'fail', reason: 'not good' })
      expect(output.result.iterations.completed).to.equal(3)
    })

    it('by a request to a host that may not be loaded, before anything is sent', async () => {
      let sent = 0
      const error = await refusal(
        runVirtually(requestScript(loop(3, '1h')), {
          allowHost: (hostname) => hostname === '127.0.0.1',
          service: (arrival) => {
            sent++
            return arrival
          },
        }),
      )
      expect(error).to.include({ kind: 'CONFIG', code: 'LOAD_NOT_ALLOWED' })
      expect(error.message).to.include('target.test')
      expect(sent).to.equal(0)
    })

    it('by a request of setup to such a host', async () => {
      const error = await refusal(
        runVirtually(
          `import http from 'k6/http'
           export const setup = () => http.asyncRequest('GET', 'http://elsewhere.test/')
           export default async () => {}`,
          { allowHost: () => false },
        ),
      )
      expect(error.code).to.equal('LOAD_NOT_ALLOWED')
    })
  })

  it('counts requests that the end of gracefulStop cuts off as failed', async () => {
    const { output } = await runVirtually(requestScript(loop(3, '1s', { gracefulStop: '0s' })), {
      service: answersAfter(3_000),
    })
    expect(output.result.iterations).to.include({ completed: 0, interrupted: 3 })
  })

  describe('options', () => {
    it('of the command line win over K6_ variables, and those over the script', async () => {
      const script = `
        export const options = { vus: 1, iterations: 1 }
        export default async () => {}
      `
      const completed = async (more: Parameters<typeof runVirtually>[1]) =>
        (await runVirtually(script, more)).output.result.iterations.completed
      expect(await completed({})).to.equal(1)
      expect(await completed({ env: { K6_ITERATIONS: '5' } })).to.equal(5)
      expect(await completed({ env: { K6_ITERATIONS: '5' }, overrides: { iterations: 7, vus: 2 } })).to.equal(
        7,
      )
    })

    it('that are wrong are refused, all at once', async () => {
      const error = await refusal(
        runVirtually(`
          export const options = { vuss: 1, setupTimeout: 'soon' }
          export default async () => {}
        `),
      )
      expect(error.code).to.equal('SCRIPT_OPTIONS')
      expect(error.message).to.include('vuss').and.include('setupTimeout')
    })

    it('that name a function which is not exported are refused', async () => {
      const error = await refusal(
        runVirtually(`
          export const options = { scenarios: { a: { executor: 'per-vu-iterations', exec: 'missing' } } }
          export default async () => {}
        `),
      )
      expect(error).to.include({ kind: 'CONFIG', code: 'SCRIPT_EXEC' })
      expect(error.message).to.include('missing')
    })

    it('with a threshold on a metric that does not exist are refused before setup', async () => {
      const error = await refusal(
        runVirtually(`
          export const options = { thresholds: { http_req_durations: ['p(95)<1'] } }
          export const setup = () => { throw new Error('was run') }
          export default async () => {}
        `),
      )
      expect(error.code).to.equal('SCRIPT_THRESHOLDS')
    })
  })

  it('reports an exception of the init context with file and line', async () => {
    const error = await refusal(
      runVirtually(`
        const nothing: { member: string } | undefined = undefined
        export const x = nothing.member
        export default async () => {}
      `),
    )
    expect(error).to.include({ kind: 'CONFIG', code: 'SCRIPT_INIT' })
    expect(error.message).to.match(/TypeError: .*script\.ts:3:/)
  })

  describe('handleSummary', () => {
    it("gets k6's data, and gives the text and the files", async () => {
      const { output } = await runVirtually(`
        export const options = { vus: 1, iterations: 2 }
        export default async () => {}
        export function handleSummary(data) {
          return { stdout: 'ran ' + data.metrics.iterations.values.count, 'out/a.json': JSON.stringify(Object.keys(data).sort()) }
        }
      `)
      expect(output.summary).to.equal('ran 2')
      expect(output.files).to.deep.equal({
        'out/a.json': '["metrics","options","root_group","setup_data","state"]',
      })
    })

    it('that throws leaves the usual text', async () => {
      const { output, lines } = await runVirtually(`
        export default async () => {}
        export function handleSummary() { throw new Error('no') }
      `)
      expect(output.summary).to.include('iterations')
      expect(lines.join()).to.include('handleSummary() failed: Error: no')
    })
  })

  it('tells its progress once a second', async () => {
    const told: number[][] = []
    await runVirtually(
      requestScript({
        a: { executor: 'constant-arrival-rate', rate: 20, duration: '4s', preAllocatedVUs: 3 },
      }),
      {
        onProgress: ({ elapsedMs, remainingMs, achievedRate, plannedRate }) =>
          told.push([
            Math.round(elapsedMs),
            Math.round(remainingMs ?? -1),
            Math.round(achievedRate),
            plannedRate ?? -1,
          ]),
      },
    )
    expect(told.slice(0, 3)).to.deep.equal([
      [1_000, 3_000, 20, 20],
      [2_000, 2_000, 20, 20],
      [3_000, 1_000, 20, 20],
    ])
  })
})

describe('iterations that never wait', () => {
  for (const [what, body] of [
    ['do nothing', ''],
    ['set a timer and take it back', 'clearTimeout(setTimeout(() => {}, 1_000))'],
    [
      'ask for what cannot be sent',
      `await http.asyncRequest('GET', 'http://target.test/', null, { headers: { 'bad name': 'x' } })`,
    ],
  ] as const) {
    it(`leave the event loop its turn when they ${what}`, async () => {
      const { result } = await runScript({
        script: writeScript(`
          import http from 'k6/http'
          export const options = { vus: 2, duration: '1s' }
          export default async () => { ${body} }
        `),
        env: {},
        scenario: 'test',
        profile: 'test',
      })
      expect(result.iterations.completed).to.be.above(0)
    })
  }
})
