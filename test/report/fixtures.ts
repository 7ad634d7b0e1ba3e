import type { LoadResult } from '../../src/verdict/load-result.ts'
import { RUN_RESULT_VERSION, type RunResult } from '../../src/verdict/run-result.ts'
import { checkResult, loadResult } from '../gate/fixtures.ts'

/** Markup, quotes and control characters, wherever a target's words may show. */
export const NASTY = `<script>alert("x")</script> & 'quoted' \u0000\u001b[31m ]]> \ud800 \u{1F512}`

/** A run with everything in it that a report can show. */
export function richResult(overrides: Partial<RunResult> = {}): RunResult {
  return {
    version: RUN_RESULT_VERSION,
    id: '20261124-025138-gate',
    command: 'gate',
    startedAt: '2026-11-24T02:51:38.123Z',
    durationMs: 12_345,
    harness: { version: '0.1.0', node: 'v24.21.0', platform: 'linux x64', cpus: 2 },
    target: {
      kind: 'url',
      baseUrl: 'http://127.0.0.1:4010',
      siteId: 'RefArch',
      apiVersion: 'v25_6',
      statesUrl: 'http://127.0.0.1:4010/_states',
    },
    verdict: 'broken',
    exitCode: 1,
    interrupted: false,
    stages: [
      { name: 'verify', verdict: 'held', durationMs: 900 },
      { name: 'check', verdict: 'broken', durationMs: 1800 },
      {
        name: 'load',
        verdict: 'not evaluated',
        reason: 'the load generator was saturated',
        durationMs: 4000,
      },
    ],
    clauses: [
      clause('GUEST-1', 'held', ['contract/guest']),
      {
        ...clause('LOCK-1', 'broken', ['behaviour/lock', 'contract/guest']),
        severity: 'critical',
        reason: NASTY,
      },
      { ...clause('TOKEN-5', 'not provable here', ['behaviour/signature']), reason: 'the token is opaque' },
      { ...clause('LOAD-1', 'not evaluated', ['load/issuance/thresholds']), reason: 'no samples' },
      { ...clause('USE-4', 'broken', ['behaviour/own']), knownFailure: 'ticket 7' },
    ],
    checks: [
      checkResult({
        id: 'contract/guest',
        kind: 'contract',
        title: 'a guest gets a token',
        clauses: ['GUEST-1', 'LOCK-1'],
      }),
      checkResult({
        id: 'behaviour/lock',
        title: 'the right password is refused after the maximum',
        verdict: 'broken',
        failures: [{ message: `the answer was accepted: ${NASTY}`, expected: '401', actual: '200' }],
        exchanges: [
          {
            request: {
              method: 'POST',
              url: 'http://127.0.0.1:4010/customers/auth',
              headers: { authorization: 'Basic [redacted]', 'content-type': 'application/json' },
              body: '{"type":"credentials"}',
            },
            response: { status: 200, headers: { 'content-type': 'application/json' }, body: NASTY },
            durationMs: 3,
          },
          {
            request: { method: 'GET', url: 'http://127.0.0.1:4010/', headers: {} },
            error: { code: 'TIMEOUT', message: 'no answer in 10 s' },
            durationMs: 10_000,
          },
        ],
      }),
      checkResult({
        id: 'behaviour/own',
        verdict: 'broken',
        clauses: ['USE-4'],
        failures: [{ message: 'another customer was read' }],
      }),
      checkResult({
        id: 'behaviour/signature',
        clauses: ['TOKEN-5'],
        verdict: 'not provable here',
        reason: 'the token is opaque',
      }),
      checkResult({
        id: 'load/issuance/thresholds',
        kind: 'load',
        clauses: ['LOAD-1'],
        verdict: 'not evaluated',
        reason: 'no samples',
      }),
    ],
    loads: [richLoad()],
    killMatrix: {
      defects: [
        {
          id: 'no-lock',
          title: 'failed logins never lock',
          clauses: ['LOCK-1'],
          fate: 'killed',
          killedBy: [{ check: 'behaviour/lock', clause: 'LOCK-1' }],
          alsoBroke: [],
          durationMs: 5000,
        },
        {
          id: 'lock-one-late',
          title: 'the lock comes one late',
          clauses: ['LOCK-1'],
          fate: 'survived',
          killedBy: [],
          alsoBroke: [],
          durationMs: 5000,
        },
      ],
      checks: ['behaviour/lock'],
      falseAlarms: [],
      unevaluated: [],
      claims: 2,
      idle: [{ check: 'contract/guest', clause: 'GUEST-1' }],
      unheard: [],
      idleProofs: [{ clause: 'GUEST-1', proof: 'contract' }],
      exempt: [{ clause: 'SDK-1', reason: 'it is about the client' }],
    },
    ...overrides,
  }
}

function clause(
  id: string,
  verdict: RunResult['clauses'][number]['verdict'],
  checks: string[],
): RunResult['clauses'][number] {
  return { id, text: `the sentence of ${id}`, source: 'API description', severity: 'major', verdict, checks }
}

function richLoad(): LoadResult {
  return loadResult({
    iterations: { planned: 300, completed: 297, interrupted: 1, failed: 2 },
    rate: { planned: 100, achieved: 99 },
    thresholds: [
      {
        metric: 'http_req_duration{auth_type:guest}',
        expression: 'p(95)<500',
        verdict: 'held',
        actual: 12.3456,
      },
      { metric: 'http_req_failed', expression: 'rate<0.01', verdict: 'broken', actual: 0.02 },
      { metric: 'http_req_duration{auth_type:gast}', expression: 'p(95)<500', verdict: 'not evaluated' },
    ],
    metrics: {
      http_req_duration: {
        type: 'trend',
        contains: 'time',
        values: { avg: 5, med: 4, 'p(95)': 12.3, 'p(99)': 20, max: 40 },
      },
    },
    series: [0, 1000, 2000].map((t) => ({
      t,
      planned: 100,
      started: 100,
      completed: 99,
      completedOfPlan: 99,
      failed: 1,
      dropped: 0,
      vus: 5,
      fromPlanP95: 13,
      fromPlanP99: 22,
    })),
    requests: [
      requestGroup('guest', 'warmup', 100, 3, [0, 1000]),
      requestGroup('guest', 'main', 200, 1, [1000, 2000]),
      requestGroup('credentials', 'main', 97, 10, [1000, 3000]),
    ],
    samples: [
      {
        of: 'check',
        name: 'TOKEN-1: the header holds a bearer token',
        exchange: {
          request: { method: 'POST', url: 'http://127.0.0.1:4010/customers/auth', headers: {} },
          response: { status: 200, headers: {}, body: NASTY },
          durationMs: 4,
          load: { atMs: 1234, vu: 7 },
        },
      },
      {
        of: 'request',
        name: '1050 request timeout',
        exchange: {
          request: { method: 'POST', url: 'http://127.0.0.1:4010/customers/auth', headers: {} },
          error: { code: '1050', message: 'request timeout' },
          durationMs: 10_000,
          load: { atMs: 2345, vu: 8 },
        },
      },
    ],
    errors: [{ code: 1050, message: 'request timeout', count: 2, series: [[2000, 2]] }],
    exceptions: [{ message: `TypeError: ${NASTY}`, count: 2 }],
    generator: {
      workers: 1,
      eventLoopDelayP99Ms: 12,
      delayFromPlanP99Ms: 3.4,
      lateStarts: 1,
      droppedIterations: 3,
      cpuSeconds: 1.2,
      peakMemoryBytes: 90_000_000,
      saturated: ['dropped iterations: 3 of 300'],
    },
  })
}

/** So many seconds of requests, one group. */
function requestGroup(
  auth: string,
  phase: string,
  count: number,
  factor: number,
  seconds: readonly number[],
): LoadResult['requests'][number] {
  const points = curve(factor)
  const at = (percentile: number) => points.find(([each]) => each === percentile)?.[1] ?? 0
  return {
    auth,
    phase,
    count,
    failed: auth === 'guest' ? 2 : 0,
    values: {
      avg: at(50),
      min: at(0),
      med: at(50),
      max: at(100),
      'p(90)': at(90),
      'p(95)': at(95),
      'p(99)': at(99),
      'p(99.5)': at(99.5),
    },
    points,
    series: seconds.map((t) => ({
      t,
      count: Math.round(count / seconds.length),
      failed: 0,
      p50: at(50),
      p95: at(95) + t / 1000,
      p99: at(99) + t / 1000,
    })),
  }
}

/** Times that grow with each nine. */
function curve(factor: number): [number, number][] {
  return [0, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100].map((percentile) => [
    percentile,
    factor * (1 + 4 * Math.log10(100 / (100.05 - percentile))),
  ])
}
