import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { renderReference } from '../../scripts/reference-page.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'

describe('docs/reference.md', () => {
  it('is what npm run reference makes of the program now', () => {
    expect(readFileSync(join(packageRoot, 'docs', 'reference.md'), 'utf8')).to.equal(renderReference())
  })
})
