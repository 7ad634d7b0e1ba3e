import type { Scenario } from '../options/options.ts'
import type { ScenarioPlan } from './plan.ts'
import { equalIndexes, indexesByVus, type SegmentIndex } from './segment-index.ts'
import { executorOf } from './table.ts'

/**
 * The plan of worker `worker` (from 0) of `workers` for the scenario. `undefined` when the worker has nothing to
 * do: there are fewer VUs than workers.
 */
export function planScenario(scenario: Scenario, worker = 0, workers = 1): ScenarioPlan | undefined {
  const all = equalIndexes(workers)
  const vus = at(all, worker)
  const { initial, max } = executorOf(scenario).vusOf(scenario)
  if (vus.count(max) === 0) return undefined
  const end = executorOf(scenario).durationOf(scenario)
  return {
    scenario,
    end,
    hardEnd: end + scenario.gracefulStop,
    initialVus: vus.count(initial),
    maxVus: vus.count(max),
    vus,
    iterations: at(indexesByVus(all, max), worker),
  }
}

function at(indexes: readonly SegmentIndex[], worker: number): SegmentIndex {
  const index = indexes[worker]
  if (index === undefined) throw new RangeError(`there are ${indexes.length} workers, so no worker ${worker}`)
  return index
}
