import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { ClauseId } from '../../contracts/clauses.ts'
import { isObject } from '../../src/ocapi/json.ts'
import type { Passing } from '../contracts/behaviour/support/proxy-target.ts'

/** A change of every answer of a right target, and what all stages have to say of it. */
export interface Row {
  readonly name: string
  readonly change: (answer: Passing) => void
  /** Exactly these are broken; all others that a stage can speak of are held, or not evaluated with them. */
  readonly broken: readonly ClauseId[]
}

const isIssued = ({ status, headers }: Passing) => status === 200 && headers.authorization !== undefined
const faultOf = ({ json }: Passing): Record<string, unknown> | undefined =>
  isObject(json?.fault) ? json.fault : undefined
const plain = ({ json }: Passing) => Buffer.from(JSON.stringify(json))

/** Tokens as they were changed on their way → as they were issued, since no signature of a changed one verifies. */
export const issuedTokens = new Map<string, string>()

/** Changes the payload of each issued token, or its header. */
function token(change: (section: Record<string, unknown>) => void, part: 'header' | 'payload' = 'payload') {
  return (answer: Passing) => {
    if (!isIssued(answer)) return
    const [scheme, text = ''] = (answer.headers.authorization ?? '').split(' ')
    const sections = text.split('.')
    const at = part === 'header' ? 0 : 1
    const section = JSON.parse(Buffer.from(sections[at] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >
    change(section)
    sections[at] = Buffer.from(JSON.stringify(section)).toString('base64url')
    issuedTokens.set(sections.join('.'), text)
    answer.headers.authorization = `${scheme} ${sections.join('.')}`
  }
}

function fault(change: (fault: Record<string, unknown>, answer: Passing) => void) {
  return (answer: Passing) => {
    const found = faultOf(answer)
    if (found !== undefined) change(found, answer)
  }
}

function customer(change: (document: Record<string, unknown>) => void) {
  return ({ status, json }: Passing) => {
    if (status === 200 && json !== undefined) change(json)
  }
}

const coded = (coding: string, encode: (plain: Buffer) => Buffer) => (answer: Passing) => {
  if (answer.json === undefined) return
  answer.headers['content-encoding'] = coding
  answer.raw = encode(plain(answer))
}

/** Legal, though nobody sends it or the reference provider does not. */
const legal: readonly Omit<Row, 'broken'>[] = [
  {
    name: 'times with a fraction in the token',
    change: token((payload) => {
      payload.iat = Number(payload.iat) + 0.25
      payload.exp = Number(payload.exp) + 0.25
    }),
  },
  { name: 'nothing is changed', change: () => {} },
  {
    name: 'a fault that quotes the token that was sent, in its message and in its arguments',
    change: fault((found, { authorization }) => {
      found.message = `The access token '${authorization?.replace(/^\w+ /, '')}' is invalid.`
      found.arguments = { accessToken: authorization }
    }),
  },
  { name: 'gender 0', change: customer((document) => Object.assign(document, { gender: 0 })) },
  {
    name: 'fields that nobody knows, and one that is null',
    change: customer((document) => Object.assign(document, { unheard_of: [1], c_points: 1.5, note: null })),
  },
  {
    name: 'a visit id, a version and a type that are others, or none',
    change: customer((document) => {
      document.visit_id = 'Visit 1'
      delete document._v
      delete document._type
    }),
  },
  {
    name: 'bearer in lower case',
    change: (answer) => {
      answer.headers.authorization = answer.headers.authorization?.replace(/^Bearer/, 'bearer')
    },
  },
  {
    name: 'Application/JSON',
    change: ({ headers }) => {
      headers['content-type'] = 'Application/JSON; Charset=UTF-8'
    },
  },
  {
    name: 'application/json without charset',
    change: ({ headers }) => {
      headers['content-type'] = 'application/json'
    },
  },
  {
    name: 'a body in gzip that nobody asked for',
    change: coded('gzip', gzipSync),
  },
  {
    name: 'a body in brotli that nobody asked for',
    change: coded('br', brotliCompressSync),
  },
  {
    name: 'typed arguments, an empty message, no version of the document',
    change: fault((found, { json }) => {
      found.arguments = { path: { type: 'string', value: '/' } }
      found.message = ''
      if (json !== undefined) delete json._v
    }),
  },
  { name: 'no arguments', change: fault((found) => delete found.arguments) },
  {
    name: 'odd cookies and headers of proxies',
    change: ({ headers }) => {
      headers['set-cookie'] = '__cf_bm=abc.def; Path=/; HttpOnly'
      headers.via = '1.1 varnish, 1.1 edge'
      headers['www-authenticate'] = 'Bearer realm="shop", error="invalid_token"'
    },
  },
]

export const LEGAL: readonly Row[] = legal.map((row) => ({ ...row, broken: [] }))

/** Wrong in one thing, which breaks what it is about and nothing else. */
export const WRONG: readonly Row[] = [
  { name: 'no issuer in the token', change: token((payload) => delete payload.iss), broken: ['TOKEN-2'] },
  { name: 'no expiry in the token', change: token((payload) => delete payload.exp), broken: ['TOKEN-2'] },
  {
    name: 'no algorithm in the token',
    change: token((header) => delete header.alg, 'header'),
    broken: ['TOKEN-2'],
  },
  {
    name: 'no Authorization header',
    change: ({ headers }) => {
      delete headers.authorization
    },
    broken: ['TOKEN-1', 'CRED-1', 'REFR-1'],
  },
  {
    name: 'a token under a scheme of its own',
    change: ({ headers }) => {
      headers.authorization = headers.authorization?.replace(/^Bearer/, 'Token')
    },
    broken: ['TOKEN-1', 'CRED-1', 'REFR-1'],
  },
  {
    name: 'a fault without its envelope',
    change: (answer) => {
      const found = faultOf(answer)
      if (found !== undefined && found.type !== 'AuthenticationFailedException') answer.json = found
    },
    broken: ['FAULT-1'],
  },
  {
    name: 'a fault that is said to be text',
    change: (answer) => {
      if (faultOf(answer) !== undefined) answer.headers['content-type'] = 'text/plain'
    },
    broken: ['FAULT-1'],
  },
  {
    name: 'a wrong password answered 403',
    change: (answer) => {
      if (answer.type === 'credentials' && answer.status === 401) answer.status = 403
    },
    broken: ['CRED-2'],
  },
  {
    name: 'a token in the body of a refusal',
    change: fault((found, { type }) => {
      if (type === 'refresh') found.message = 'try eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl'
    }),
    broken: ['REFR-3'],
  },
  {
    name: 'a follow-up that is answered by a page, while the API is there',
    change: (answer) => {
      if (answer.method !== 'GET' || answer.status !== 200) return
      answer.headers['content-type'] = 'text/html'
      answer.raw = '<h1>Welcome</h1>'
    },
    broken: ['USE-1'],
  },
]

function page(status: number, type: string, body: string, headers: Record<string, string> = {}) {
  return (answer: Passing) => {
    answer.status = status
    answer.headers = { ...headers, 'content-type': type }
    answer.raw = body
  }
}

/** What stands before the API answers in its place: no clause is broken, and none is held. */
export const FOREIGN: Readonly<Record<string, (answer: Passing) => void>> = {
  '503 text/html': page(503, 'text/html; charset=utf-8', '<h1>Down for maintenance</h1>'),
  '502 text/html': page(502, 'text/html', '<h1>Bad gateway</h1>'),
  '403 text/html': page(403, 'text/html', '<h1>Request blocked</h1>'),
  '429 text/html': page(429, 'text/html', '<h1>Too many requests</h1>'),
  '200 text/html': page(200, 'text/html', '<form action="/login"></form>'),
  '302 without a body': page(302, 'text/html', '', { location: '/login' }),
  '200 without a body': page(200, 'application/json', ''),
  '200 application/json': page(200, 'application/json', '{"status":"ok"}'),
}
