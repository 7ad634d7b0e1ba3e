import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { CommanderError } from 'commander'
import { createProgram } from '../../src/cli/program.ts'
import { configSchema } from '../../src/config/schema.ts'
import { openTarget } from '../../src/target/open.ts'
import type { Target } from '../../src/target/target.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { temporaryFolder } from '../cli/run-cli.ts'
import { richResult } from '../report/fixtures.ts'
import { argumentsOf, commandsOf, fencesOf, readPages } from './pages.ts'

const GATE = 'a minute long; test/package/packed.test.ts runs the gate, and so does every npm start'
const BROKER = 'needs a Pact Broker; test/broker runs a real one'
const INSTALL = 'what a machine is given before anything can run here'
const TESTS = 'would run the tests inside the tests'
const MEASURE = 'minutes in which nothing else may run: it measures'
const CLAUSE = 'of a clause that the page adds; test/docs/add-a-clause.test.ts adds it in a copy'
const SETTING = "a setting of the reader's shell, not a command"

/** Commands of the pages that are not run here, each with the reason. Those of the program are parsed all the same. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci': INSTALL,
  'npm install --save-dev auth-harness': INSTALL,
  'npm install --save-dev node@24': INSTALL,
  'npm start': GATE,
  'npm ci && npm start': GATE,
  'npm test': TESTS,
  'npm ci && npm test': TESTS,
  gate: GATE,
  'gate --target http://127.0.0.1:4010 --states-url http://127.0.0.1:4010/_states': GATE,
  'gate --defect lock-one-late': GATE,
  'gate --baseline baseline/result.json': GATE,
  prove: 'half an hour; test/gate/prove.test.ts runs it on chosen defects',
  'check --clause GUEST-3': CLAUSE,
  'check --clause GUEST-3 --defect guest-has-a-login': CLAUSE,
  'prove --defect guest-has-a-login': CLAUSE,
  'load refresh --profile stress': 'minutes of load; test/load runs the scenario',
  'load session --profile average --duration 10s --rate 5': 'most of a minute; test/load runs the scenario',
  'load lockout --engine k6': 'needs the k6 binary; test/engine/k6 is about it',
  'check --target https://shop.example --states-url https://shop.example/_states': 'there is no such shop',
  'npx mocha test/contracts/behaviour/kills.test.ts': TESTS,
  publish: BROKER,
  'verify --from-broker --publish-results': BROKER,
  'can-i-deploy --pacticipant ocapi-shop --version "$(git rev-parse HEAD)" --to-environment production':
    BROKER,
  'can-i-deploy --pacticipant ocapi-shop --version "$(git rev-parse HEAD)" --to-environment test': BROKER,
  'can-i-deploy --pacticipant customers-client --version "$(git rev-parse HEAD)" --to-environment test':
    BROKER,
  'record-deployment --pacticipant ocapi-shop --version "$(git rev-parse HEAD)" --environment test': BROKER,
  'npx pact broker create-environment --name test': BROKER,
  'npm run broker': 'installs a broker where there is none; test/broker starts the same one',
  'export PACT_BROKER_BASE_URL=http://127.0.0.1:40497': SETTING,
  'export PACT_BROKER_USERNAME=harness': SETTING,
  'export PACT_BROKER_PASSWORD=…': SETTING,
  'export PACT_BROKER_BASE_URL=http://127.0.0.1:9292': SETTING,
  'export PACT_BROKER_USERNAME=team PACT_BROKER_PASSWORD="$(openssl rand -hex 16)" PACT_BROKER_DATABASE_PASSWORD="$(openssl rand -hex 16)"':
    SETTING,
  'npm run bench': MEASURE,
  'npm run bench -- --only throughput --rounds 3 --seconds 10': MEASURE,
  'docker compose up --detach --wait': 'needs Docker; test/broker/pins.test.ts is about compose.yaml',
  'apt-get install ruby ruby-dev build-essential pkg-config libyaml-dev libsqlite3-dev libxml2-dev libxslt1-dev': `${INSTALL}; .ci/run installs the same`,
}

/** Makes a webhook of a broker that posts to the API of a CI; too long for the table, and its text is GitHub's or GitLab's. */
function isWebhook(command: string): boolean {
  return command.startsWith('npx pact broker create-webhook ')
}

/** What ends with another code than 0, and why. A planted defect ends with 1 without being listed. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  // The baseline that is made for it is of another machine.
  'load issuance --baseline baseline/result.json': 3,
}

interface Line {
  readonly pages: string[]
  readonly language: string
}

/** Every line of a block by what it says; of lines that call the program, by its arguments. */
function linesOf(wanted: (language: string, command: string) => boolean): Map<string, Line> {
  const lines = new Map<string, Line>()
  for (const { path, text } of readPages()) {
    for (const { language, lines: block } of fencesOf(text)) {
      for (const command of commandsOf(
        block.map((line) => line.replace(/^\s*- (?:run: )?/, '').trimStart()),
      )) {
        if (!wanted(language, command)) continue
        const key = argumentsOf(command) ?? command
        const known = lines.get(key)
        if (known === undefined) lines.set(key, { pages: [path], language })
        else known.pages.push(path)
      }
    }
  }
  return lines
}

/** As a shell splits them. */
function words(text: string): string[] {
  const output = execFileSync('bash', ['-c', `set -- ${text}\n[ $# -eq 0 ] || printf '%s\\0' "$@"`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return output.split('\0').slice(0, -1)
}

describe('commands of the documentation', function () {
  this.timeout(240_000)
  const shell = linesOf((language) => language === 'sh')
  const own = linesOf((_, command) => argumentsOf(command) !== undefined)

  it('are found', () => {
    expect(shell.size).to.be.greaterThan(30)
    expect(own.size).to.be.greaterThan(30)
  })

  it('that are not run here still stand on a page', () => {
    const gone = [...Object.keys(NOT_RUN), ...Object.keys(EXIT_CODES)].filter(
      (command) => !shell.has(command),
    )
    expect(gone).to.deep.equal([])
  })

  it('of npm are scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
      scripts: object
    }
    const named = [...shell.keys()].flatMap((command) => /^npm run (\S+)/.exec(command)?.[1] ?? [])
    expect(Object.keys(scripts)).to.include.members([...named, 'start', 'test', 'auth-harness'])
  })

  describe('are what the program takes', () => {
    for (const [args, { pages }] of own) {
      it(`auth-harness ${args} (${pages.join(', ')})`, async () => {
        const program = createProgram()
        for (const command of [program, ...program.commands])
          command
            .exitOverride((error: CommanderError) => {
              throw error
            })
            .configureOutput({ writeOut() {}, writeErr() {} })
        for (const command of program.commands) command.action(() => {})
        try {
          await program.parseAsync(words(args), { from: 'user' })
        } catch (error) {
          if ((error as CommanderError).exitCode !== 0) throw error
        }
      })
    }
  })

  describe('run', () => {
    let target: Target
    let port: string

    before(async () => {
      target = await openTarget(configSchema.parse({}))
      ;({ port } = new URL(target.baseUrl))
    })

    after(() => target.close())

    /** As a reader has it: a folder with a configuration, a script and the runs that the pages name. */
    function readersFolder(args: string): string {
      const cwd = temporaryFolder()
      if (args.includes('auth-harness.config.json'))
        writeFileSync(
          join(cwd, 'auth-harness.config.json'),
          JSON.stringify({ target: { baseUrl: target.baseUrl, statesUrl: target.statesUrl } }),
        )
      if (args.includes('my-script.ts'))
        writeFileSync(
          join(cwd, 'my-script.ts'),
          "import http from 'k6/http'\nexport const options = { thresholds: { http_req_duration: ['p(95)<10000'] } }\nexport default async function () { await http.asyncRequest('GET', __ENV.SHOP_URL) }\n",
        )
      for (const [run] of args.matchAll(/(?:reports\/\S+|baseline(?=\/result\.json))/g)) {
        mkdirSync(join(cwd, run), { recursive: true })
        const loads = args.startsWith('compare') ? [] : richResult().loads
        writeFileSync(join(cwd, run, 'result.json'), JSON.stringify(richResult({ loads })))
      }
      return cwd
    }

    function start(args: string): {
      child: ChildProcess
      ended: Promise<{ status: number | null; output: string }>
    } {
      const line = `exec "$NODE" "$PROGRAM" ${args.replaceAll('127.0.0.1:4010', `127.0.0.1:${port}`)}`
      const child = spawn('bash', ['-c', line], {
        cwd: readersFolder(args),
        env: { ...process.env, NODE: process.execPath, PROGRAM: join(packageRoot, 'src', 'cli', 'main.ts') },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      const ended = new Promise<{ status: number | null; output: string }>((resolve, reject) => {
        child.on('error', reject)
        child.on('close', (status) => resolve({ status, output }))
      })
      return { child, ended }
    }

    for (const [command, { pages }] of shell) {
      if (NOT_RUN[command] !== undefined || isWebhook(command)) continue
      it(`${command} (${pages.join(', ')})`, async () => {
        expect(own.has(command), 'a command that this test neither runs nor lists in NOT_RUN').to.equal(true)
        if (/^provider\b/.test(command)) return serves(command)
        const { status, output } = await start(command).ended
        // That the machine is too busy to be a generator is said of the machine.
        if (/^load /.test(command) && status === 3 && output.includes('generator was saturated')) return
        expect(status, output).to.equal(
          EXIT_CODES[command] ?? (/^(?:check|load|verify)\b.* --defect /.test(command) ? 1 : 0),
        )
      })
    }

    /** A provider serves until it is told to end. */
    async function serves(command: string): Promise<void> {
      const { child, ended } = start(`${command} --port 0`)
      child.stdout?.on('data', (text: string) => {
        if (text.includes('reference provider on')) child.kill('SIGINT')
      })
      const { status, output } = await ended
      expect(output).to.contain('reference provider on')
      expect(status).to.equal(0)
    }
  })
})
