import { join } from 'node:path'
import { expect } from 'chai'
import { bundleScript } from '../../../src/engine/bundle/bundle.ts'
import { compileScript, type ScriptGlobals, type ScriptHost } from '../../../src/engine/script/compile.ts'
import { createErrorLocator } from '../../../src/engine/script/stack.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { writeFiles, writeScript } from '../support/scripts.ts'

async function refusalOf(path: string): Promise<string> {
  try {
    await bundleScript(path)
  } catch (error) {
    expect(error).to.be.instanceOf(HarnessError)
    const refusal = error as HarnessError
    expect(refusal).to.include({ kind: 'CONFIG', code: 'SCRIPT_REFUSED' })
    return refusal.message
  }
  throw new Error('it was not refused')
}

const refused = (text: string) => refusalOf(writeScript(text))

const NO_GLOBALS = { Math, globalThis: {} } as unknown as ScriptGlobals

function host(members: Readonly<Record<string, unknown>> = {}): ScriptHost {
  return { get: (module, name) => members[`${module} ${name}`], vu: 7, iter: 3 }
}

async function exportsOf(path: string, members?: Readonly<Record<string, unknown>>) {
  return compileScript(await bundleScript(path))(host(members), NO_GLOBALS)
}

describe('bundleScript', () => {
  it('gives the exports of a TypeScript script and of what it imports, of its own types too', async () => {
    const folder = writeFiles({
      'script.ts': `
        import http, { type Response } from 'k6/http'
        import type { Options } from 'k6/options'
        import { twice, Level } from './lib/more.ts'
        import { old } from './lib/old.js'
        export const options: Options = { vus: twice(2), tags: { level: String(Level.High) } }
        const wait = <T>(value: T) => Promise.resolve(value)
        export const awaited = await wait('top level')
        export { old as renamed }
        export default async function (): Promise<Response> { return http.asyncRequest('GET', 'x') }
      `,
      'lib/more.ts': `
        export enum Level { Low, High }
        export const twice = (n: number): number => n * 2
      `,
      'lib/old.js': 'export const old = 1',
    })
    const exports = await exportsOf(join(folder, 'script.ts'), {
      'k6/http asyncRequest': () => Promise.resolve('sent'),
    })
    expect(exports).to.deep.include({
      options: { vus: 4, tags: { level: '1' } },
      awaited: 'top level',
      renamed: 1,
    })
    expect(await (exports.default as () => Promise<string>)()).to.equal('sent')
  })

  it('makes an instance of its own at every call', async () => {
    const path = writeScript('let n = 0; export default () => ++n; export const vu = () => [__VU, __ITER]')
    const factory = compileScript(await bundleScript(path))
    const [one, two] = [await factory(host(), NO_GLOBALS), await factory(host(), NO_GLOBALS)]
    const call = (exports: typeof one) => (exports.default as () => number)()
    expect([call(one), call(one), call(two)]).to.deep.equal([1, 2, 1])
    expect((one.vu as () => number[])()).to.deep.equal([7, 3])
  })

  it("hides Node's globals, which k6 has not, and lets a script declare the names itself", async () => {
    const names = [
      'process',
      'Buffer',
      'fetch',
      'URL',
      'performance',
      'queueMicrotask',
      'global',
      'setImmediate',
    ]
    const path = writeScript(`
      const URL = 'mine'
      export const types = [${names.filter((name) => name !== 'URL').map((name) => `typeof ${name}`)}]
      export const url = URL
      export const own = typeof globalThis.process
      export const strict = (() => this === undefined)()
    `)
    const exports = await exportsOf(path)
    expect(new Set(exports.types as string[])).to.deep.equal(new Set(['undefined']))
    expect(exports).to.include({ url: 'mine', own: 'undefined' })
  })

  describe('refuses, with file, line and the way out,', () => {
    it('a call that would block, by whatever name the module goes', async () => {
      const message = await refused(`
        import web from 'k6/http'
        import { post as send } from 'k6/http'
        import * as k6 from 'k6'
        // web.get('in a comment'), 'web.get("in a string")'
        export default async () => {
          const text = "web.del('x')"
          web.get('x')
          send('x')
          k6.sleep(1)
          return text
        }
      `)
      const lines = message.split('\n')
      expect(lines).to.have.lengthOf(3)
      expect(message).to.match(
        /script\.ts:8:\d+: `get` of `k6\/http` is not supported: .*http\.asyncRequest\('GET'/,
      )
      expect(message).to.match(
        /script\.ts:3:\d+: `post` of `k6\/http` is not supported: .*asyncRequest\('POST'/,
      )
      expect(message).to.match(/script\.ts:10:\d+: `sleep` of `k6` is not supported: .*setTimeout/)
    })

    it('but not a name of the script itself that looks the same', async () => {
      const path = writeScript(`
        import http from 'k6/http'
        const cache = { get: () => 1 }
        export default async () => { { const http = cache; http.get() } return http.asyncRequest('GET', 'x') }
      `)
      expect((await bundleScript(path)).exports).to.deep.equal(['default'])
    })

    it('a name that k6 has not', async () => {
      expect(await refused(`import { chekc } from 'k6'\nexport default () => chekc()`)).to.match(
        /script\.ts:1:10: k6 has no `chekc` of `k6`: it has check,/,
      )
    })

    for (const [what, text, expected] of [
      [
        'a module of k6 that is not here',
        `import ws from 'k6/ws'\nws()`,
        /:1:\d+: the module `k6\/ws` is not supported: .*run the script under k6/,
      ],
      ['an extension of k6', `import x from 'k6/x/kafka'\nx()`, /:1:\d+: there is no module `k6\/x\/kafka`/],
      [
        'a package',
        `import * as jose from 'jose'\njose()`,
        /:1:\d+: cannot import `jose`: k6 reads no node_modules/,
      ],
      ['a module of Node', `import fs from 'node:fs'\nfs()`, /:1:\d+: cannot import `node:fs`/],
      [
        'a module of the network',
        `import x from 'https://jslib.k6.io/x.js'\nx()`,
        /:1:\d+: cannot import `https:/,
      ],
      [
        'an import without its extension',
        `import { x } from './other'\nx()`,
        /:1:\d+: cannot import `.\/other`: there is no file .*extension/,
      ],
      ['a dynamic import', `export default () => import('./script.ts')`, /:1:\d+: k6 has no dynamic import/],
      ['a syntax error', `export default () => {\n  const = 1\n}`, /script\.ts:2:9: Expected identifier/],
      [
        'for await',
        `export default async (x) => {\n  for await (const y of x) y()\n}`,
        /script\.ts:2:\d+: k6 cannot parse `for await`/,
      ],
      [
        'an async generator',
        `export async function* x() { yield 1 }`,
        /script\.ts:1:\d+: k6 has no async generators/,
      ],
      [
        'a decorator',
        `const d = (x: unknown) => x\n@d class K {}\nnew K()`,
        /script\.ts:2:\d+: k6 cannot parse decorators/,
      ],
    ] as const) {
      it(what, async () => expect(await refused(text)).to.match(expected))
    }

    it('a file that k6 does not load', async () => {
      const folder = writeFiles({ 'script.ts': `import data from './data.json'\ndata()`, 'data.json': '{}' })
      expect(await refusalOf(join(folder, 'script.ts'))).to.match(
        /:1:\d+: cannot import `.\/data.json`: .*open\(\)/,
      )
    })

    it('what stands in an imported file, by that file', async () => {
      const folder = writeFiles({
        'script.ts': `import { pause } from './lib/pause.ts'\nexport default pause`,
        'lib/pause.ts': `import { sleep } from 'k6'\nexport const pause = () => sleep(1)`,
      })
      expect(await refusalOf(join(folder, 'script.ts'))).to.match(/lib\/pause\.ts:1:10: `sleep`/)
    })
  })

  it('says where there is no script', async () => {
    const error = await bundleScript('/nowhere/script.ts').then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.include({ kind: 'CONFIG', code: 'SCRIPT_NOT_FOUND' })
  })
})

describe('createErrorLocator', () => {
  it('names the file and line as the user wrote them, of imported files too', async () => {
    const folder = writeFiles({
      'script.ts': `
        import { fail } from './lib/fail.ts'
        interface Unused { readonly member: string }
        export default () => fail()
        export const own = () => {
          throw new RangeError('own')
        }
      `,
      'lib/fail.ts': `
        export function fail(): never {
          throw 'text' in {} ? new Error() : new TypeError('deep')
        }
      `,
    })
    const script = await bundleScript(join(folder, 'script.ts'))
    const exports = await compileScript(script)(host(), NO_GLOBALS)
    const locator = createErrorLocator(script)
    const caught = (name: string): unknown => {
      try {
        ;(exports[name] as () => void)()
      } catch (error) {
        return error
      }
      return undefined
    }
    expect(locator.describe(caught('default'))).to.match(/^TypeError: deep \(.*lib\/fail\.ts:3:\d+\)$/)
    expect(locator.describe(caught('own'))).to.match(/^RangeError: own \(.*script\.ts:6:\d+\)$/)
    expect(locator.isOfScript(caught('own'))).to.equal(true)
    expect(locator.isOfScript(new Error('of the engine'))).to.equal(false)
  })

  it('describes what is no error, and hides secrets', async () => {
    const locator = createErrorLocator(await bundleScript(writeScript('export default () => {}')))
    expect(locator.describe('text')).to.equal('text')
    expect(locator.describe({ code: 1 })).to.equal('{"code":1}')
    expect(locator.describe(undefined)).to.equal('undefined')
    expect(locator.describe(new Error('Basic dXNlcjpwYXNz'))).to.equal('Error: Basic [redacted]')
  })
})
