import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import ts from 'typescript'
import { packageRoot } from '../../src/verdict/package-root.ts'

const FOLDER = join(packageRoot, 'load')
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

/**
 * Names that Node has and k6 has not. `tsc -p load` refuses most of them, since it knows k6's types alone; those that
 * the language's own library declares, and anything behind a cast, it would let through.
 */
const ABSENT = new Set([
  'fetch',
  'URL',
  'URLSearchParams',
  'Headers',
  'Request',
  'Response',
  'WebSocket',
  'Buffer',
  'process',
  'structuredClone',
  'AbortController',
  'AbortSignal',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'btoa',
  'atob',
  'require',
  'Intl',
  'SharedArrayBuffer',
  'Atomics',
])

interface Finding {
  readonly what: string
  readonly line: number
}

/** What k6 v2 can not load, parse or run; types are stripped before it sees them, so they are left out. */
function findings(text: string, name = 'x.ts'): Finding[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true)
  const found: Finding[] = []
  const add = (node: ts.Node, what: string) =>
    found.push({ what, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 })
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isForOfStatement(node) && node.awaitModifier) add(node, 'for await')
    if (ts.isDecorator(node)) add(node, 'decorator')
    if (isAsyncGenerator(node)) add(node, 'async generator')
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) visitModule(node, add)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, 'dynamic import')
    }
    // Sobek's own list of what it cannot parse: a separator in a number, an assigning logical operator.
    if (ts.isNumericLiteral(node) && node.getText().includes('_')) add(node, 'numeric separator')
    if (ts.isRegularExpressionLiteral(node) && /\(\?<|\/[a-z]*v[a-z]*$/.test(node.text)) {
      add(node, 'regular expression with lookbehind, named groups or the flag v')
    }
    if (ts.isIdentifier(node) && ABSENT.has(node.text) && isReference(node)) add(node, node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function visitModule(
  node: ts.ImportDeclaration | ts.ExportDeclaration,
  add: (node: ts.Node, what: string) => void,
): void {
  const from = node.moduleSpecifier
  if (from === undefined || !ts.isStringLiteral(from)) return
  const onlyTypes = ts.isImportDeclaration(node) ? node.importClause?.isTypeOnly : node.isTypeOnly
  if (onlyTypes) return
  if (!/^k6(\/(http|metrics|execution|data|encoding|crypto|timers))?$|^\.{1,2}\/.*\.ts$/.test(from.text)) {
    add(node, `import of ${from.text}`)
  }
}

function isAsyncGenerator(node: ts.Node): boolean {
  return (
    (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) &&
    node.asteriskToken !== undefined &&
    (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  )
}

/** A use of the global, not a member, a key, an import or a name of our own. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  return !(
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    ts.isImportSpecifier(parent) ||
    ts.isMethodDeclaration(parent)
  )
}

describe('The scripts of load/', () => {
  for (const file of FILES) {
    it(`${file} has nothing that k6 lacks`, () => {
      expect(findings(readFileSync(join(FOLDER, file), 'utf8'), file)).to.deep.equal([])
    })
  }

  it('are five scenarios and what they share', () => {
    expect(FILES.filter((file) => !file.includes('/')).sort()).to.deep.equal([
      'issuance.ts',
      'journey.ts',
      'lockout.ts',
      'refresh.ts',
      'session.ts',
    ])
  })
})

describe('What load shares with the rest, src/ocapi,', () => {
  const shared = join(packageRoot, 'src/ocapi')
  for (const file of readdirSync(shared)) {
    it(`${file} has nothing that k6 lacks`, () => {
      expect(findings(readFileSync(join(shared, file), 'utf8'), file)).to.deep.equal([])
    })
  }
})

describe('The check of what k6 lacks', () => {
  for (const [code, what] of [
    ['for await (const x of y) f(x)', 'for await'],
    ['@sealed class A {}', 'decorator'],
    ['async function* f() {}', 'async generator'],
    ["const m = import('./m.ts')", 'dynamic import'],
    ["import { readFileSync } from 'node:fs'", 'import of node:fs'],
    ["import { x } from './m'", 'import of ./m'],
    ["import ws from 'k6/ws'", 'import of k6/ws'],
    ["export * from '../src/client/documents.ts.js'", 'import of ../src/client/documents.ts.js'],
    ['const n = 60_000', 'numeric separator'],
    ['const r = /(?<=a)b/', 'regular expression with lookbehind, named groups or the flag v'],
    ['const u = new URL(text)', 'URL'],
    ['f(Buffer.from(text))', 'Buffer'],
  ] as const) {
    it(`sees ${code}`, () => {
      expect(findings(code)).to.deep.equal([{ what, line: 1 }])
    })
  }

  it('lets types, members and keys of the same names be', () => {
    expect(
      findings("import type { URL } from 'node:url'\nconst x: Buffer = { fetch: 1 }\na.process.URL"),
    ).to.deep.equal([])
  })
})
