import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import ts from 'typescript'
import { MODULES, PARAMS, REFUSED_MODULES, RESPONSE } from '../../../src/engine/modules/support.ts'
import { packageRoot } from '../../../src/verdict/package-root.ts'

const types = dirname(createRequire(import.meta.url).resolve('@types/k6/package.json'))

/** `k6/net/grpc` for each folder of the types that has an index. */
function typedModules(folder = '', found: string[] = []): string[] {
  for (const entry of readdirSync(join(types, folder), { withFileTypes: true })) {
    if (entry.isDirectory()) typedModules(join(folder, entry.name), found)
    else if (entry.name === 'index.d.ts') found.push(folder === '' ? 'k6' : `k6/${folder}`)
  }
  return found
}

function sourceOf(module: string): ts.SourceFile {
  const file = join(types, module === 'k6' ? '' : module.slice('k6/'.length), 'index.d.ts')
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
}

const isExported = (node: ts.Statement) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

/** Names that the module exports as values: functions, constants and classes. */
function valuesOf(module: string): string[] {
  return [
    ...new Set(
      sourceOf(module)
        .statements.filter(isExported)
        .flatMap((node) => {
          if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) {
            return node.name === undefined ? [] : [node.name.text]
          }
          if (ts.isVariableStatement(node)) {
            return node.declarationList.declarations.map(({ name }) => name.getText())
          }
          return []
        }),
    ),
  ]
}

function membersOf(module: string, name: string): string[] {
  const declaration = sourceOf(module).statements.find(
    (node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === name,
  )
  expect(declaration, `${name} of ${module}`).not.to.equal(undefined)
  return [...new Set((declaration?.members ?? []).map((member) => member.name?.getText() ?? ''))]
}

describe('the supported API', () => {
  it('has a word on every module that @types/k6 knows', () => {
    const known = [...Object.keys(MODULES), ...Object.keys(REFUSED_MODULES)]
    expect(typedModules()).to.have.lengthOf.above(10)
    expect(typedModules().filter((module) => !known.includes(module))).to.deep.equal([])
  })

  for (const module of Object.keys(MODULES)) {
    it(`has a word on every name of ${module}, and on no other`, () => {
      expect(Object.keys(MODULES[module] ?? {}).toSorted()).to.deep.equal(valuesOf(module).toSorted())
    })
  }

  it('has a word on every member of the params, and on k6’s untyped `throw`', () => {
    expect(Object.keys(PARAMS).toSorted()).to.deep.equal(
      [...membersOf('k6/http', 'Params'), 'throw'].toSorted(),
    )
  })

  it('has a word on every member of a response', () => {
    expect(Object.keys(RESPONSE).toSorted()).to.deep.equal(membersOf('k6/http', 'Response').toSorted())
  })

  it('stands in docs/engine.md, name by name', () => {
    const file = join(packageRoot, 'docs/engine.md')
    expect(existsSync(file)).to.equal(true)
    const rows = new Set(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('| '))
        .map((line) =>
          line
            .split('|')
            .slice(1, 4)
            .map((cell) => cell.trim())
            .join(' | '),
        ),
    )
    const expected = [
      ...Object.entries({ ...MODULES, 'request params': PARAMS, Response: RESPONSE }).flatMap(
        ([module, names]) =>
          Object.entries(names).map(([name, { status }]) => `\`${module}\` | \`${name}\` | ${status}`),
      ),
      ...Object.keys(REFUSED_MODULES).map((module) => `\`${module}\` | all | refused`),
    ]
    expect(expected.filter((row) => !rows.has(row))).to.deep.equal([])
  })
})
