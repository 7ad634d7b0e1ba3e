import type { CheckResult } from '../../src/verdict/check.ts'
import type { LoadResult } from '../../src/verdict/load-result.ts'

export function checkResult(overrides: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'behaviour/x',
    kind: 'behaviour',
    title: 'x holds',
    clauses: ['LOCK-1'],
    verdict: 'held',
    failures: [],
    exchanges: [],
    durationMs: 1,
    ...overrides,
  }
}

export function brokenCheck(overrides: Partial<CheckResult> = {}): CheckResult {
  return checkResult({ verdict: 'broken', failures: [{ message: 'x does not hold' }], ...overrides })
}

export function loadResult(overrides: Partial<LoadResult> = {}): LoadResult {
  return {
    scenario: 'issuance',
    profile: 'smoke',
    engine: 'node',
    engineVersion: '0.1.0',
    startedAt: '2026-11-24T00:00:00.000Z',
    durationMs: 1000,
    interrupted: false,
    iterations: { completed: 10, interrupted: 0, failed: 0 },
    rate: { achieved: 10 },
    maxVus: 1,
    checks: [{ name: 'TOKEN-1: the header holds a bearer token', passes: 10, fails: 0 }],
    thresholds: [{ metric: 'http_req_failed', expression: 'rate<0.01', verdict: 'held', actual: 0 }],
    metrics: {},
    series: [],
    requests: [],
    curves: [],
    samples: [],
    errors: [],
    exceptions: [],
    generator: { workers: 1, lateStarts: 0, droppedIterations: 0, saturated: [] },
    ...overrides,
  }
}
