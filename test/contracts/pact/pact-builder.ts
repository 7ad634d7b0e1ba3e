import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PactFile, PactInteraction } from '../../../contracts/lib/pact/pact-file.ts'

interface Parts {
  description?: string
  comments?: string[]
  state?: string | string[]
  request?: Record<string, unknown>
  response?: Record<string, unknown>
}

/** An interaction as Pact writes it: by default a guest request, answered 200. */
export function interaction(parts: Parts = {}): PactInteraction {
  return {
    type: 'Synchronous/HTTP',
    description: parts.description ?? 'a guest request',
    pending: false,
    comments: { text: parts.comments ?? ['clauses: GUEST-1'] },
    providerStates: [parts.state ?? []].flat().map((name) => ({ name })),
    request: {
      method: 'POST',
      path: '/customers/auth',
      headers: { 'Content-Type': ['application/json'] },
      body: { content: { type: 'guest' }, contentType: 'application/json', encoded: false },
      ...parts.request,
    },
    response: { status: 200, headers: { 'Content-Type': ['application/json'] }, ...parts.response },
  } as PactInteraction
}

export function pact(...interactions: PactInteraction[]): PactFile {
  return {
    consumer: { name: 'c' },
    provider: { name: 'p' },
    interactions,
    metadata: { pactSpecification: { version: '4.0' } },
  }
}

/** @returns the path of the written file, in a new folder */
export function writePact(...interactions: PactInteraction[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'test-pact-')), 'c-p.json')
  writeFileSync(file, JSON.stringify(pact(...interactions)))
  return file
}

/** A header that Pact fills from the state's values. */
export function injected(name: string, expression: string, example: string): Record<string, unknown> {
  return {
    headers: { 'Content-Type': ['application/json'], [name]: [example] },
    generators: { header: { [name]: { type: 'ProviderState', expression } } },
  }
}
