import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { SCRIPT_METRICS } from '../../src/gate/known-names.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'

describe('SCRIPT_METRICS', () => {
  it('are the metrics that the scripts make', () => {
    const load = join(packageRoot, 'load')
    const made = readdirSync(load, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [
        ...readFileSync(join(load, name), 'utf8').matchAll(/new (?:Rate|Trend|Counter|Gauge)\('(\w+)'/g),
      ])
      .map(([, name]) => name)
    expect(made).to.have.members([...SCRIPT_METRICS])
  })
})
