import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { jsonWithoutRunnerCommands, withoutRunnerCommands } from '../../src/cli/runner-commands.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

const HOSTILE =
  'no\n::set-env name=PATH::/evil\n  ::add-mask::x\n##[add-path]/evil\n##vso[task.setvariable variable=a]b\u001b]0;title\u0007\u001b[2J\r::error::x <img src=x onerror=alert(1)> [a](javascript:b) @team'

/** Lines that a runner of GitHub or Azure would obey. */
function commandsIn(text: string): string[] {
  return text.split(/[\n\r]/).filter((line) => /^\s*::/.test(line) || /##(vso)?\[/.test(line))
}

describe('what a target says', function () {
  this.timeout(60_000)
  let server: Server
  let baseUrl: string

  before(async () => {
    server = createServer((_, response) =>
      response
        .writeHead(400, { 'content-type': 'application/json', 'x-said': '::warning::x ##[group]' })
        .end(JSON.stringify({ _v: '25.6', fault: { type: `A${HOSTILE}`, message: HOSTILE } })),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  for (const args of [['check'], ['verify'], ['check', '--json'], ['doctor'], ['load', 'issuance']])
    it(`is no command to a runner and nothing to a terminal: ${args.join(' ')}`, async () => {
      const cwd = temporaryFolder()
      const summary = join(cwd, 'step.md')
      const { stdout, stderr } = await runCli([...args, '--target', baseUrl], {
        cwd,
        env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
      })
      const own = /^::error title=[^\n]*$/gm
      expect(commandsIn(stdout), 'standard output').to.deep.equal([])
      expect(commandsIn(stderr.replaceAll(own, '')), 'standard error').to.deep.equal([])
      expect(stdout + stderr).to.not.match(/(?!\n)\p{Cc}/u)
      if (args.includes('--json')) JSON.parse(stdout)
      if (args[0] === 'doctor') return
      const [run = ''] = readdirSync(join(cwd, 'reports'))
      const written = readFileSync(join(cwd, 'reports', run, 'summary.md'), 'utf8')
      for (const text of [written, readFileSync(summary, 'utf8')])
        expect(text).to.not.match(/(?<!\\)<img|(?<!\\)\[a\]|(?!\n)\p{Cc}|(?<!\\)@team/u)
    })
})

describe('withoutRunnerCommands', () => {
  it('leaves no command in any text, and changes no other', () => {
    const part = fc.constantFrom('::', '##[', '##vso[', '\n', ' ', '#', 'a', '\t', ':', '##')
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('')
        const clean = withoutRunnerCommands(text)
        expect(commandsIn(clean)).to.deep.equal([])
        expect(clean.replaceAll('\u200B', '')).to.equal(text)
      }),
    )
  })

  it('keeps the value of JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('##[', '##vso[', '\\', '"', '#')), (parts) => {
        const text = jsonWithoutRunnerCommands(JSON.stringify(parts))
        expect(commandsIn(text)).to.deep.equal([])
        expect(JSON.parse(text)).to.deep.equal(parts)
      }),
    )
  })
})
