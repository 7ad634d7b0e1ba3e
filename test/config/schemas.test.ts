import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { PUBLISHED_SCHEMAS, schemaText } from '../../scripts/schemas.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { SETTINGS } from '../../src/config/variables.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'

const folder = join(packageRoot, 'schema')

describe('published schemas', () => {
  it('are these files', () => {
    expect(readdirSync(folder)).to.have.members(Object.keys(PUBLISHED_SCHEMAS))
  })

  for (const [name, schema] of Object.entries(PUBLISHED_SCHEMAS))
    it(`${name} is current (node scripts/schemas.ts writes it)`, () => {
      expect(readFileSync(join(folder, name), 'utf8')).to.equal(schemaText(schema))
    })

  it('know every key that a variable or an option sets', () => {
    for (const { key } of SETTINGS) {
      const [section, name] = key
      expect(configJsonSchema().properties?.[section]?.properties, key.join('.')).to.have.property(name)
    }
  })
})
