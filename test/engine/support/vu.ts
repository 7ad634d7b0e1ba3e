import { bundleScript } from '../../../src/engine/bundle/bundle.ts'
import { scriptLayer } from '../../../src/engine/options/layers.ts'
import type { Options } from '../../../src/engine/options/options.ts'
import { parseOptions } from '../../../src/engine/options/parse.ts'
import { Share } from '../../../src/engine/run/share.ts'
import { systemClock } from '../../../src/engine/time/clock.ts'
import type { Vu } from '../../../src/engine/vu/vu.ts'
import { writeScript } from './scripts.ts'

/** A VU that runs a script's exported functions one by one, on real time and real connections. */
export interface LoneVu {
  readonly vu: Vu
  readonly share: Share
  readonly lines: string[]
  /** Calls an exported function as an iteration. */
  call(name?: string): Promise<unknown>
  close(): Promise<void>
}

export async function loneVu(text: string, options: Record<string, unknown> = {}): Promise<LoneVu> {
  const lines: string[] = []
  const resolved: Options = parseOptions([scriptLayer(options)])
  const share = new Share({
    script: await bundleScript(writeScript(text)),
    options: resolved,
    env: {},
    clock: systemClock,
    worker: 0,
    workers: 1,
    allow: () => {},
    log: (line) => lines.push(line),
    abort: () => {},
    fail: () => {},
  })
  const vu = await share.newBareVu()
  return {
    vu,
    share,
    lines,
    call: (name = 'default') => vu.call(name, undefined),
    async close() {
      vu.stop()
      share.stopClock()
    },
  }
}

/** The samples of a metric so far. */
export function totalOf({ share }: LoneVu, name: string) {
  const { registry } = share.measurements
  const metric = registry.get(name)
  if (metric === undefined) throw new Error(`there is no metric ${name}`)
  return registry.total(metric)
}

/** The tag sets with which a metric was recorded. */
export function tagsOf({ share }: LoneVu, name: string): Record<string, string>[] {
  return [...(share.measurements.registry.get(name)?.series.keys() ?? [])].map((tags) => tags.toJSON())
}
