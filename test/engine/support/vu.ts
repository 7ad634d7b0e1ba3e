import { bundleScript } from '../../../src/engine/bundle/bundle.ts'
import { scriptLayer } from '../../../src/engine/config/layers.ts'
import { parseOptions } from '../../../src/engine/config/parse.ts'
import type { Options } from '../../../src/engine/options/options.ts'
import { systemClock } from '../../../src/engine/time/clock.ts'
import type { Vu } from '../../../src/engine/vu/vu.ts'
import { SegmentRun } from '../../../src/engine/workers/segment-run.ts'
import { writeScript } from './scripts.ts'

/** A VU that runs a script's exported functions one by one, on real time and real connections. */
export interface LoneVu {
  readonly vu: Vu
  readonly segment: SegmentRun
  readonly lines: string[]
  /** Calls an exported function as an iteration. */
  call(name?: string): Promise<unknown>
  close(): Promise<void>
}

export async function loneVu(text: string, options: Record<string, unknown> = {}): Promise<LoneVu> {
  const lines: string[] = []
  const resolved: Options = parseOptions([scriptLayer(options)])
  const segment = new SegmentRun({
    script: await bundleScript(writeScript(text)),
    options: resolved,
    env: {},
    withheld: [],
    clock: systemClock,
    worker: 0,
    workers: 1,
    allow: () => {},
    log: (line) => lines.push(line),
    notice: (line) => lines.push(line),
    abort: () => {},
    fail: () => {},
  })
  const vu = await segment.newBareVu()
  return {
    vu,
    segment,
    lines,
    call: (name = 'default') => vu.call(name, undefined),
    async close() {
      vu.stop()
      segment.stopClock()
    },
  }
}

/** The samples of a metric so far. */
export function totalOf({ segment }: LoneVu, name: string) {
  const { registry } = segment.measurements
  const metric = registry.get(name)
  if (metric === undefined) throw new Error(`there is no metric ${name}`)
  return registry.total(metric)
}

/** The tag sets with which a metric was recorded. */
export function tagsOf({ segment }: LoneVu, name: string): Record<string, string>[] {
  return [...(segment.measurements.registry.get(name)?.series.keys() ?? [])].map((tags) => tags.toJSON())
}
