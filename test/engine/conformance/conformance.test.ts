import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect } from 'chai'
import { runScript } from '../../../src/engine/index.ts'
import { ownScriptChecks } from '../../../src/gate/own-script-checks.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { exitCodeOf } from '../../../src/verdict/exit-code.ts'
import { combineVerdicts } from '../../../src/verdict/verdict.ts'
import { DIFFERENCES } from './differences.ts'
import { factsOf, type Outcome, readGolden, readPoints, withoutCounts } from './outcome.ts'
import { type ConformanceServer, startServer } from './server.ts'

/** What golden.mjs gave some cases beside the script. */
const GIVEN: Readonly<Record<string, { env?: Record<string, string>; overrides?: Record<string, unknown> }>> =
  {
    r06_k6_env: { env: { K6_ITERATIONS: '5' } },
    r07_shell_env: { env: { BASE_URL: 'http://x' } },
    r15_new_connections: { overrides: { noConnectionReuse: true } },
  }

/** k6's exit codes to ours. */
const EXITS: Readonly<Record<number, number>> = { 0: 0, 99: 1, 107: 1 }

const cases = readdirSync(join(import.meta.dirname, 'cases')).filter((name) => /\.[jt]s$/.test(name))
const nameOf = (file: string) => file.replace(/\.[jt]s$/, '')

describe('the engine and k6 do the same', function () {
  this.timeout(60_000)
  let folder: string
  let server: ConformanceServer
  const outcomes = new Map<string, Promise<Outcome>>()

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'))
    server = await startServer(folder)
    // Side by side: each waits most of its time for the server.
    for (const file of cases) outcomes.set(file, runCase(server, folder, file))
    await Promise.allSettled(outcomes.values())
  })

  after(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const used = new Set<(typeof DIFFERENCES)[number]>()

  for (const file of cases) {
    it(`in ${file}`, async () => {
      const ours = factsOf(await (outcomes.get(file) as Promise<Outcome>))
      const golden = readGolden(join(import.meta.dirname, 'golden', `${file}.json`))
      const theirs = factsOf({ ...golden, exit: EXITS[golden.exit] ?? golden.exit })
      const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
        (fact) => ours.get(fact) !== theirs.get(fact),
      )
      const unexplained = differing.filter((fact) => {
        const listed = DIFFERENCES.filter(
          ({ cases: only, fact: pattern }) => (only?.includes(nameOf(file)) ?? true) && pattern.test(fact),
        )
        for (const difference of listed) used.add(difference)
        return listed.length === 0
      })
      const shown = unexplained.map(
        (fact) =>
          `${fact}\n    k6:   ${theirs.get(fact) ?? 'absent'}\n    ours: ${ours.get(fact) ?? 'absent'}`,
      )
      if (shown.length > 0) expect.fail(`${shown.length} facts are not k6's:\n  ${shown.join('\n  ')}`)
    })
  }

  it('and every difference that is on purpose is still there', () => {
    expect(DIFFERENCES.filter((difference) => !used.has(difference))).to.deep.equal([])
  })
})

async function runCase(server: ConformanceServer, folder: string, file: string): Promise<Outcome> {
  const given = GIVEN[nameOf(file)] ?? {}
  const outJson = join(folder, `${file}.ndjson`)
  const log: string[] = []
  const exit = await runScript({
    script: join(server.cases, file),
    env: given.env ?? {},
    ...(given.overrides && { overrides: given.overrides }),
    scenario: basename(file),
    profile: 'none',
    outJson,
    log: (line) => log.push(...line.replace(/^[A-Z]+ /, '').split('\n')),
  }).then(
    // Side by side the cases make each other wait: how busy the machine is says nothing of them.
    ({ result: { generator, ...result } }) =>
      exitCodeOf(
        combineVerdicts(
          ownScriptChecks({ ...result, generator: { ...generator, saturated: [] } }).map(
            ({ verdict }) => verdict,
          ),
        ),
      ),
    (error: unknown) => {
      log.push(String(error))
      return error instanceof HarnessError ? 2 : -1
    },
  )
  let ndjson = ''
  try {
    ndjson = readFileSync(outJson, 'utf8')
  } catch {
    // A script that was refused writes nothing.
  }
  return {
    exit,
    log: log.map((line) => withoutCounts(server.written(line))),
    ...readPoints(server.written(ndjson)),
  }
}
