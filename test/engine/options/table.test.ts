import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { scriptLayer } from '../../../src/engine/config/layers.ts'
import { parseOptions } from '../../../src/engine/config/parse.ts'
import { K6_OPTIONS, PLAIN_OPTIONS } from '../../../src/engine/options/table.ts'
import { packageRoot } from '../../../src/verdict/package-root.ts'

/** The members of `Options` in the types that k6 publishes. */
function publishedOptions(): string[] {
  const types = readFileSync(join(packageRoot, 'node_modules/@types/k6/options/index.d.ts'), 'utf8')
  const body = /export interface Options \{\n(.*?)\n\}\n/s.exec(types)?.[1] ?? ''
  return [...body.matchAll(/^ {4}(\w+)\?:/gm)].map((match) => match[1] ?? '')
}

describe('the table of options', () => {
  it('says of every option of @types/k6 what becomes of it', () => {
    const published = publishedOptions()
    expect(published).to.include.members(['batch', 'vus', 'thresholds'])
    expect(published.filter((option) => !(option in K6_OPTIONS))).to.deep.equal([])
  })

  it('calls supported what is read, and nothing else', () => {
    const read = [
      ...Object.keys(PLAIN_OPTIONS),
      'vus',
      'duration',
      'iterations',
      'stages',
      'scenarios',
      'thresholds',
      'summaryTimeUnit',
    ]
    const supported = Object.keys(K6_OPTIONS).filter((option) => K6_OPTIONS[option]?.is === 'supported')
    expect(supported.sort()).to.deep.equal(read.sort())
  })

  it('refuses with the reason, and passes over with a warning', () => {
    for (const [option, rule] of Object.entries(K6_OPTIONS)) {
      const warnings: string[] = []
      const read = () => parseOptions([scriptLayer({ [option]: {} })], (message) => warnings.push(message))
      if (rule.is === 'refused')
        expect(read, option).to.throw(`options.${option} is not supported: ${rule.why}`)
      if (rule.is === 'ignored') {
        read()
        expect(warnings, option).to.deep.equal([`options.${option} has no effect: ${rule.why}`])
      }
    }
  })
})

describe('the page about the options', () => {
  it('says the same as the table', () => {
    const page = readFileSync(join(packageRoot, 'docs/engine-options.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) ?\|$/gm)].map(([, option, is, why]) => [
      option,
      is,
      why,
    ])
    expect(rows).to.deep.equal(
      Object.entries(K6_OPTIONS).map(([option, rule]) => [
        option,
        rule.is,
        rule.is === 'supported' ? '' : rule.why,
      ]),
    )
  })
})
