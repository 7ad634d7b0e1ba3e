import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { CLAUSES } from '../../../contracts/clauses.ts'
import { runSpecs } from '../../../contracts/lib/pact/index.ts'
import { meaningOf, readPact } from '../../../contracts/lib/pact/pact-file.ts'
import { packageRoot } from '../../../src/verdict/package-root.ts'

const FILE = 'customers-client-ocapi-shop.json'
const committed = join(packageRoot, 'contracts', 'pacts', FILE)

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'test-specs-'))
}

function specDir(name: string): string {
  return join(packageRoot, 'test', 'contracts', 'pact', 'specs', name)
}

describe('the consumer specs', function () {
  this.timeout(60_000)

  it('pass, and write the committed pact byte for byte, also into a folder that holds an older one', async () => {
    const pactDir = newFolder()
    writeFileSync(join(pactDir, FILE), '{"interactions": [{"description": "stale"}]}')
    writeFileSync(join(pactDir, 'of-another-team.json'), '{}')
    const lines: string[] = []
    const result = await runSpecs({ pactDir, onProgress: (line) => lines.push(line) })
    expect(result.failures).to.deep.equal([])
    expect(result).to.include({ verdict: 'held' })
    expect(result.pactFiles).to.deep.equal([join(pactDir, FILE)])
    expect(lines).to.have.lengthOf(result.interactions)
    expect(readFileSync(join(pactDir, FILE), 'utf8')).to.equal(
      readFileSync(committed, 'utf8'),
      'contracts/pacts is not what the specs write: run `npm run auth-harness -- contract`',
    )
    expect(readdirSync(pactDir).sort(), 'nothing else is touched or left').to.deep.equal([
      FILE,
      'of-another-team.json',
    ])
  })

  it('write the same bytes again', async () => {
    const { pactFiles } = await runSpecs({ pactDir: newFolder() })
    expect(readFileSync(pactFiles[0] ?? '', 'utf8')).to.equal(readFileSync(committed, 'utf8'))
  })

  it('have an interaction for every clause that a pact can prove, and name no other', () => {
    const named = new Set(
      readPact(committed).interactions.flatMap(({ comments }) => meaningOf(comments?.text).clauses),
    )
    const provable = CLAUSES.filter(({ proofs }) => (proofs as readonly string[]).includes('contract'))
    expect([...named].sort()).to.deep.equal(provable.map(({ id }) => id as string).sort())
  })

  it('that fail are told one by one, with expected and actual, and no pact is touched', async () => {
    const pactDir = newFolder()
    writeFileSync(join(pactDir, FILE), 'as it was')
    const result = await runSpecs({ pactDir, specDir: specDir('broken') })
    expect(result).to.deep.include({ verdict: 'broken', pactFiles: [] })
    expect(result.failures).to.have.lengthOf(2)
    expect(result.failures[0]?.message)
      .to.include('a request that the client sends otherwise')
      .and.include("Expected 'guest' (String) to be equal to 'session' (String)")
    expect(result.failures[1]).to.deep.include({ expected: 'registered', actual: 'guest' })
    expect(readFileSync(join(pactDir, FILE), 'utf8')).to.equal('as it was')
  })

  it('that overwrite one another fail the stage, though every one of them passes', async () => {
    const result = await runSpecs({ pactDir: newFolder(), specDir: specDir('overwritten') })
    expect(result).to.deep.include({ verdict: 'broken', pactFiles: [] })
    expect(result.failures.map(({ message }) => message)).to.include(
      'one description for two interactions: declared more than once; Pact keeps the last one only',
    )
  })

  it('that are not there prove nothing', async () => {
    const result = await runSpecs({ pactDir: newFolder(), specDir: newFolder() })
    expect(result).to.deep.include({ verdict: 'not evaluated', pactFiles: [], failures: [] })
  })

  it('that cannot be loaded are an error of the contract that names the file', async () => {
    const error = await runSpecs({ pactDir: newFolder(), specDir: specDir('unloadable') }).catch(
      (e: unknown) => e,
    )
    expect(error).to.include({ kind: 'CONTRACT', code: 'SPEC_UNLOADABLE' })
    expect(error).to.have.property('message').that.includes('unloadable.pact.ts')
  })

  it('that are interrupted prove nothing', async () => {
    const interrupt = new AbortController()
    const result = await runSpecs({
      pactDir: newFolder(),
      signal: interrupt.signal,
      onProgress: () => interrupt.abort(),
    })
    expect(result).to.deep.include({ verdict: 'not evaluated', pactFiles: [] })
  })
})
