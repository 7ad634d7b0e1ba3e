import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'

const read = (...path: string[]) => readFileSync(join(packageRoot, ...path), 'utf8')
const workflows = join('.github', 'workflows')

/** The values of a key of YAML that stand on its line. */
const valuesOf = (key: string, yaml: string) =>
  [...yaml.matchAll(new RegExp(`^\\s*(?:- )?${key}:\\s*(.+)$`, 'gm'))].map(([, value]) => value ?? '')

describe('what CI and the broker take from others', () => {
  it('is pinned by commit, with the version beside it: the actions', () => {
    const actions = readdirSync(join(packageRoot, workflows)).flatMap((name) =>
      valuesOf('uses', read(workflows, name)),
    )
    expect(actions).to.not.deep.equal([])
    for (const action of actions) expect(action).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('is pinned by version: the images', () => {
    const images = [
      ...valuesOf('image', read('compose.yaml')),
      ...valuesOf('container', read(workflows, 'ci.yml')),
      ...valuesOf('image', read('docs', 'ci.md')),
    ]
    expect(images).to.have.length(4)
    for (const image of images) expect(image).to.match(/^[\w./-]+:\d+\.\d+[\w.-]*$/)
  })

  it('is pinned by version, once and in order: the gems', () => {
    const gems = read('scripts', 'broker', 'gems.txt').trim().split('\n')
    for (const gem of gems) expect(gem).to.match(/^[\w-]+:\d+(\.\w+)+$/)
    const names = gems.map((gem) => gem.split(':')[0])
    expect(names).to.deep.equal([...new Set(names)].sort())
  })

  it('is the same broker in the image and in the gems', () => {
    const gem = /^pact_broker:(.+)$/m.exec(read('scripts', 'broker', 'gems.txt'))?.[1]
    expect(read('compose.yaml')).to.include(`pactbroker${gem}`)
  })
})
