import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { scenarioHistories, verdictChanges } from '../../src/report/history/history.ts'
import { readPastRuns, removeOldRuns } from '../../src/report/history/read.ts'
import { writeIndex } from '../../src/report/history/write.ts'
import type { RunResult } from '../../src/verdict/run-result.ts'
import type { Verdict } from '../../src/verdict/verdict.ts'
import { loadResult } from '../gate/fixtures.ts'
import { NASTY, richResult } from './fixtures.ts'

/** A run of a day of November, whose guests' p95 was so many ms. */
function runOf(day: number, p95: number, overrides: Partial<RunResult> = {}): RunResult {
  const [guest] = richResult().loads[0]?.requests.filter(({ phase }) => phase === 'main') ?? []
  if (guest === undefined) throw new Error('the fixture has no guests')
  const requests = [{ ...guest, values: { ...guest.values, 'p(95)': p95 } }]
  return richResult({
    startedAt: `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`,
    loads: [loadResult({ requests, rate: { planned: 100, achieved: 99 } })],
    clauses: [],
    killMatrix: undefined,
    ...overrides,
  })
}

function clauses(verdicts: Record<string, Verdict>): RunResult['clauses'] {
  return Object.entries(verdicts).map(([id, verdict]) => ({
    id,
    text: id,
    source: 's',
    severity: 'major',
    verdict,
    checks: [],
  }))
}

describe('the history of runs', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auth-harness-history-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'result.json'), text)
  }
  const writeRuns = (...runs: RunResult[]) => {
    for (const run of runs) write(`run-${run.startedAt.slice(8, 10)}`, JSON.stringify(run))
  }

  it('has the runs in the order of their start, and names what it cannot read', () => {
    writeRuns(runOf(3, 1), runOf(1, 1), runOf(2, 1))
    write('broken', '{')
    write('other', '{"version":1}')
    mkdirSync(join(folder, 'screenshots'))
    const { runs, unreadable } = readPastRuns(folder)
    expect(runs.map((run) => run.folder)).to.deep.equal(['run-01', 'run-02', 'run-03'])
    expect(unreadable).to.deep.equal(['broken', 'other'])
  })

  it('reads a result of an earlier version, which had no requests by auth type', () => {
    const [load] = runOf(1, 1).loads
    if (load === undefined) throw new Error('the fixture has no load')
    const { requests: _, ...earlier } = load
    write('run', JSON.stringify({ ...runOf(1, 1), loads: [earlier] }))
    expect(readPastRuns(folder).runs).to.have.length(1)
  })

  it('tells p95, p99 and rate by scenario and auth type, and keeps apart what cannot be compared', () => {
    const harness = { ...richResult().harness, cpus: 64 }
    const target = { ...richResult().target, baseUrl: 'http://127.0.0.1:9' }
    const [load] = runOf(1, 1).loads
    if (load === undefined) throw new Error('the fixture has no load')
    const saturated = { ...load, generator: { ...load.generator, saturated: ['dropped'] } }
    writeRuns(
      runOf(1, 10),
      runOf(2, 20),
      runOf(3, 30, { harness }),
      runOf(4, 40, { target }),
      runOf(5, 50, { loads: [{ ...load, engine: 'k6' }] }),
      runOf(6, 60, { loads: [saturated] }),
    )
    const histories = scenarioHistories(readPastRuns(folder))
    expect(histories.map(({ scenario, trends }) => [scenario, trends[0]?.points.length])).to.deep.equal([
      ['issuance', 2],
      ['issuance', 1],
      ['issuance', 1],
      ['issuance', 1],
    ])
    expect(histories[0]?.trends.map(({ name }) => name)).to.deep.equal(['guest p95', 'guest p99', 'rate'])
    expect(histories[0]?.trends[0]?.points.map(({ value }) => value)).to.deep.equal([10, 20])
  })

  it('takes the embedded provider for one target, whatever its port', () => {
    const embedded = (port: number) => ({
      ...richResult().target,
      kind: 'embedded' as const,
      baseUrl: `http://127.0.0.1:${port}`,
    })
    writeRuns(runOf(1, 1, { target: embedded(1) }), runOf(2, 2, { target: embedded(2) }))
    expect(scenarioHistories(readPastRuns(folder))).to.have.length(1)
  })

  it('tells which clause changed when, against the last run that asked for it', () => {
    writeRuns(
      runOf(1, 1, { clauses: clauses({ A: 'held', B: 'held' }) }),
      runOf(2, 1, { clauses: clauses({ B: 'held' }) }),
      runOf(3, 1, { clauses: clauses({ A: 'broken', B: 'held' }) }),
      runOf(4, 1, { clauses: clauses({ A: 'held' }) }),
    )
    expect(
      verdictChanges(readPastRuns(folder)).map(({ run, clause, before, after }) => [
        run.folder,
        clause,
        before,
        after,
      ]),
    ).to.deep.equal([
      ['run-04', 'A', 'broken', 'held'],
      ['run-03', 'A', 'held', 'broken'],
    ])
  })

  it('is a page with a link to each run, and no markup of a target', () => {
    writeRuns(runOf(1, 1), runOf(2, 2, { target: { ...richResult().target, siteId: NASTY } }))
    const page = readFileSync(writeIndex(folder), 'utf8')
    expect(page).to.contain('href="run-01/report.html"').and.contain('guest p95')
    expect(page).to.not.contain('<script>alert')
  })

  it('is made of an empty folder too', () => {
    expect(readFileSync(writeIndex(folder), 'utf8')).to.contain('0 in this folder')
  })

  it('removes the oldest runs, and nothing that is no run', () => {
    writeRuns(runOf(1, 1), runOf(2, 1), runOf(3, 1))
    write('notes', 'mine')
    expect(removeOldRuns(folder, 2)).to.deep.equal(['run-01'])
    expect(removeOldRuns(folder, 2)).to.deep.equal([])
    expect(existsSync(join(folder, 'run-01'))).to.equal(false)
    for (const kept of ['run-02', 'run-03', 'notes'])
      expect(existsSync(join(folder, kept)), kept).to.equal(true)
  })
})
