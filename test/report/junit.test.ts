import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { validateXML } from 'xmllint-wasm'
import { renderJUnit } from '../../src/report/junit.ts'
import { checkResult } from '../gate/fixtures.ts'
import { NASTY, richResult } from './fixtures.ts'

const schema = readFileSync(new URL('./junit.xsd', import.meta.url), 'utf8')

async function problems(xml: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: xml }],
    schema: [{ fileName: 'junit.xsd', contents: schema }],
  })
  return errors.map(({ message }) => message)
}

describe('the JUnit report', () => {
  it('keeps the common schema', async () => {
    expect(await problems(renderJUnit(richResult()))).to.deep.equal([])
  })

  it('would not keep it with an element that the schema does not know', async () => {
    expect(await problems(renderJUnit(richResult()).replace('<testsuite ', '<testsweet '))).to.not.deep.equal(
      [],
    )
  })

  it('has a case for every check, with its verdict', () => {
    const xml = renderJUnit(richResult())
    expect(xml.match(/<testcase /g)).to.have.length(richResult().checks.length)
    expect(xml).to.match(/<testsuites [^>]*tests="5" failures="2" errors="1"/)
    expect(xml.match(/<failure /g)).to.have.length(2)
    expect(xml.match(/<error /g)).to.have.length(1)
    expect(xml.match(/<skipped /g)).to.have.length(1)
  })

  it('fails where the run ended without any check', async () => {
    const xml = renderJUnit(
      richResult({ checks: [], error: { kind: 'TARGET', code: 'TARGET_UNREACHABLE', message: NASTY } }),
    )
    expect(xml).to.contain('errors="1"').and.contain('TARGET_UNREACHABLE')
    expect(await problems(xml)).to.deep.equal([])
  })

  it('is XML whatever the target said', async () => {
    // One document with many texts: starting the validator costs more than what it reads.
    const texts = fc.sample(fc.string({ unit: 'binary' }), 200)
    const checks = texts.map((text, index) =>
      checkResult({
        id: `a/${index}`,
        title: text,
        verdict: 'broken',
        failures: [{ message: text, expected: text, actual: text }],
      }),
    )
    expect(await problems(renderJUnit(richResult({ checks })))).to.deep.equal([])
  })
})
