import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { CLAUSES, findClause, type Proof } from '../../contracts/clauses.ts'
import { CHECKS } from '../../contracts/lib/behaviour/index.ts'
import { parseCheckName } from '../../src/gate/load-checks.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'

/** The clauses that the committed pacts name, an entry an interaction. */
function contractClaims(): string[][] {
  const folder = join(packageRoot, 'contracts', 'pacts')
  return readdirSync(folder).flatMap((name) => {
    const pact = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      interactions: { comments: { text: string[] } }[]
    }
    return pact.interactions.map(({ comments }) => {
      const line = comments.text.find((text) => text.startsWith('clauses: ')) ?? ''
      return line.slice('clauses: '.length).split(', ')
    })
  })
}

/** The clauses that the names of k6 checks begin with, an entry a name; names are literals by convention. */
function loadClaims(): string[][] {
  const folder = join(packageRoot, 'load')
  const files = ['.', 'lib'].flatMap((sub) =>
    readdirSync(join(folder, sub))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, sub, name)),
  )
  const names = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/['"`]([A-Z]+-\d+(?:[ ,]+[A-Z]+-\d+)*: [^'"`]+)['"`]/g)].map(
      ([, name]) => name ?? '',
    ),
  )
  // Every scenario has thresholds and iterations that must end: LOAD-1 is claimed by the gate itself.
  return [...names.map((name) => parseCheckName(name).clauses), ['LOAD-1']]
}

// SDK-1 is a signature: the compiler proves it, since CustomersClient implements ICustomersClient.
const CLAIMS: Record<Proof, string[][]> = {
  types: [['SDK-1']],
  contract: contractClaims(),
  behaviour: CHECKS.map(({ clauses }) => [...clauses]),
  load: loadClaims(),
}

describe('the catalogue of clauses', () => {
  it('has every clause proved in each of the ways that it says', () => {
    const missing = CLAUSES.flatMap(({ id, proofs }) =>
      proofs.filter((proof) => !CLAIMS[proof].flat().includes(id)).map((proof) => `${id} by ${proof}`),
    )
    expect(missing).to.deep.equal([])
  })

  it('is named by every check, and no check names a clause that it does not hold', () => {
    for (const [proof, claims] of Object.entries(CLAIMS)) {
      expect(claims.length, proof).to.be.greaterThan(0)
      for (const clauses of claims) {
        expect(clauses, proof).to.not.be.empty
        for (const id of clauses) expect(findClause(id), `${proof}: ${id}`).to.not.equal(undefined)
      }
    }
  })

  it('has each id once', () => {
    const ids = CLAUSES.map(({ id }) => id)
    expect(new Set(ids).size).to.equal(ids.length)
  })
})
