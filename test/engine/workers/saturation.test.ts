import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { LATE_START_MS } from '../../../src/engine/executors/scenario-run.ts'
import { Measurements } from '../../../src/engine/metrics/measurements.ts'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import { BOUNDS, saturation } from '../../../src/engine/workers/saturation.ts'
import { packageRoot } from '../../../src/verdict/package-root.ts'

interface Facts {
  readonly delays?: readonly number[]
  readonly planned?: number
  readonly late?: number
  readonly dropped?: number
}

function measured({ delays = [], planned = 0, late = 0, dropped = 0 }: Facts): Measurements {
  const measurements = new Measurements()
  const { registry } = measurements
  for (const delay of delays) registry.series(BUILT_IN.delayFromPlan, registry.noTags).record(delay)
  if (dropped > 0) registry.series(BUILT_IN.droppedIterations, registry.noTags).record(dropped)
  measurements.iterations.planned = planned
  measurements.iterations.late = late
  return measurements
}

describe('saturation', () => {
  it('is none at each bound, and named just past it', () => {
    const { eventLoopDelayP99Ms, delayFromPlanP99Ms } = BOUNDS
    const within = measured({ delays: [delayFromPlanP99Ms], planned: 1_000, late: 10, dropped: 10 })
    expect(saturation(within, eventLoopDelayP99Ms)).to.deep.equal([])
    expect(saturation(measured({}), undefined)).to.deep.equal([])

    for (const [facts, delay, expected] of [
      [{}, eventLoopDelayP99Ms + 0.1, /^event loop delay p99 100\.1 ms > 100 ms/],
      [{ delays: [delayFromPlanP99Ms + 1] }, 0, /^delay from plan p99 101\.0 ms > 100 ms/],
      [{ planned: 1_000, late: 11 }, 0, /^late starts 11 of 1000 > 1 %/],
      [{ planned: 1_000, dropped: 11 }, 0, /^dropped iterations 11 of 1000 > 1 %/],
    ] as const) {
      const passed = saturation(measured(facts), delay)
      expect(passed).to.have.lengthOf(1)
      expect(passed[0]).to.match(expected)
    }
  })

  it('is not a handful of late starts in a short run', () => {
    const { lateCount } = BOUNDS
    expect(saturation(measured({ planned: 20, late: lateCount - 1 }), 0)).to.deep.equal([])
    expect(saturation(measured({ planned: 20, late: lateCount }), 0)).to.have.lengthOf(1)
  })

  it('has the bounds that docs/engine.md says', () => {
    const text = readFileSync(join(packageRoot, 'docs/engine.md'), 'utf8')
    expect(text).to.include(`event loop delay p99 over ${BOUNDS.eventLoopDelayP99Ms} ms`)
    expect(text).to.include(`delay from plan p99 over ${BOUNDS.delayFromPlanP99Ms} ms`)
    expect(text).to.include(
      `more than ${BOUNDS.lateShare * 100} % of the planned iterations late by over ${LATE_START_MS} ms, and at least ${BOUNDS.lateCount} of them`,
    )
    expect(text).to.include(`more than ${BOUNDS.droppedShare * 100} % of the planned iterations dropped`)
  })
})
