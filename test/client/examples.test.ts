import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { answerJson, type Handler, LocalServer } from './local-server.ts'

const sources = join(import.meta.dirname, '../../src/client')
const packageIndex = pathToFileURL(join(import.meta.dirname, '../../src/index.ts')).href

/** The examples of the docstrings, as a reader would copy them. */
const examples = readdirSync(sources).flatMap((file) =>
  [...readFileSync(join(sources, file), 'utf8').matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gm)].map(
    ([, body = '']) => ({ file, code: body.replaceAll(/^ *\* ?/gm, '') }),
  ),
)

/** Answers as the API would to what the examples send. */
function api(): Handler {
  let tokens = 0
  const customer = (auth_type: string) =>
    answerJson(
      200,
      { _v: '25.6', _type: 'customer', auth_type, customer_id: 'abJ6p0Wl4kRYqCZrEbtgYwuR1F' },
      { authorization: `Bearer a.${++tokens}.c` },
    )
  const refused = answerJson(401, { fault: { type: 'AuthenticationFailedException', message: '' } })
  return (response, request) => {
    const { authorization = '', cookie = '' } = request.headers
    const isBearer = authorization.startsWith('Bearer a.')
    if (request.url.endsWith('/sessions') && isBearer)
      return response.writeHead(204, { 'set-cookie': ['dwsid=a; Path=/'] }).end()
    if (request.method === 'GET') return (isBearer ? customer('guest') : refused)(response, request)
    const answers: Record<string, Handler> = {
      guest: customer('guest'),
      refresh: isBearer ? customer('guest') : refused,
      credentials:
        authorization === `Basic ${btoa('jane@shop.example:right')}` ? customer('registered') : refused,
      session: /dwsid=.*dwsecuretoken_/.test(cookie) ? customer('guest') : refused,
    }
    const { type } = JSON.parse(request.body) as { type: string }
    answers[type]?.(response, request)
  }
}

describe('the examples in the docstrings', () => {
  let server: LocalServer
  let folder: string
  before(async () => {
    server = await new LocalServer().start()
    folder = mkdtempSync(join(tmpdir(), 'auth-harness-examples-'))
  })
  after(async () => {
    rmSync(folder, { recursive: true })
    await server.stop()
  })
  beforeEach(() => {
    server.handler = api()
  })

  it('show every call', () => {
    const code = examples.map((example) => example.code).join('')
    expect(code).to.include('postCustomersAuth(').and.include('getCustomer(').and.include('postSessions(')
  })

  for (const [index, { file, code }] of examples.entries())
    it(`run, and log what they say: ${file}, number ${index + 1}`, async () => {
      const path = join(folder, `example-${index}.ts`)
      writeFileSync(
        path,
        `export const logged: [string, string][] = []\n${code
          .replaceAll("'auth-harness'", `'${packageIndex}'`)
          .replaceAll('http://127.0.0.1:4010', server.url)
          .replaceAll(
            /^( *)console\.log\((.*)\) \/\/ (.*)$/gm,
            (_, space: string, value: string, said: string) =>
              `${space}logged.push([String(${value}), ${JSON.stringify(said)}])`,
          )}`,
      )
      const { logged } = (await import(pathToFileURL(path).href)) as { logged: [string, string][] }
      expect(logged)
        .to.have.length((code.match(/console\.log/g) ?? []).length)
        .and.not.to.have.length(0)
      for (const [value, said] of logged) expect(value).to.equal(said)
    })
})
