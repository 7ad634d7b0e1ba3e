import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gemHome } from './gems.ts'

/** A cold start takes 3 s; a busy machine gets twenty times that, and then an answer. */
const READY_WITHIN_MS = 60_000
/** Puma finishes what it is answering; then it is ended for good. */
const STOPPED_WITHIN_MS = 5_000

export interface RunningBroker {
  /** Without a slash at the end. */
  readonly url: string
  readonly username: string
  /** Made for this one start. */
  readonly password: string
  /** Resolves when the process ends, asked or not. */
  readonly ended: Promise<void>
  /** Ends the process and removes what it kept, unless `database` was given. */
  stop(): Promise<void>
}

export interface BrokerOptions {
  /** 0, the default: a port that the system chooses. */
  port?: number
  /** An absolute path of an SQLite file that outlives the broker; absent: a temporary one. */
  database?: string
}

/**
 * Starts a Pact Broker on 127.0.0.1 with basic authentication and waits until it answers its heartbeat.
 * It ends with {@link RunningBroker.stop}, and with this process in any case: it reads its standard input,
 * which closes when this process is gone, however that came about.
 * @throws {Error} it is not installed, or it ended or did not answer within a minute; the message holds the end of its log
 */
export async function startBroker({ port = 0, database }: BrokerOptions = {}): Promise<RunningBroker> {
  const gems = await gemHome()
  if (!existsSync(gems)) throw new Error('The Pact Broker is not installed: npm run broker:install')
  const folder = mkdtempSync(join(tmpdir(), 'auth-harness-broker-'))
  const username = 'harness'
  const password = randomBytes(18).toString('base64url')
  const child = spawn(
    join(gems, 'bin', 'puma'),
    ['-b', `tcp://127.0.0.1:${port}`, '-t', '1:5', fileURLToPath(new URL('config.ru', import.meta.url))],
    {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      // Not process.env: PACT_BROKER_* means one thing to the broker and another to its clients.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        LANG: 'C.UTF-8',
        GEM_HOME: gems,
        GEM_PATH: gems,
        RACK_ENV: 'production',
        END_WITH_STDIN: 'true',
        PACT_BROKER_DATABASE_URL: `sqlite:///${database ?? join(folder, 'pact_broker.sqlite3')}`,
        PACT_BROKER_LOG_STREAM: 'stdout',
        PACT_BROKER_LOG_LEVEL: 'warn',
        PACT_BROKER_SEED_EXAMPLE_DATA: 'false',
        PACT_BROKER_BASIC_AUTH_ENABLED: 'true',
        PACT_BROKER_BASIC_AUTH_USERNAME: username,
        PACT_BROKER_BASIC_AUTH_PASSWORD: password,
        PACT_BROKER_PUBLIC_HEARTBEAT: 'true',
        PACT_BROKER_WEBHOOK_SCHEME_WHITELIST: 'http https',
        PACT_BROKER_WEBHOOK_HOST_WHITELIST: '127.0.0.1',
      },
    },
  )
  const log = new Log(child)
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })
  const stop = async () => {
    await end(child, ended)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const url = await Promise.race([
      ready(log),
      ended.then(() => {
        throw new Error('The broker ended while it started.')
      }),
    ])
    return { url, username, password, ended, stop }
  } catch (error) {
    await stop()
    throw new Error(`${(error as Error).message} Its last words:\n${log.lines.slice(-20).join('\n')}`)
  }
}

/** What the process says, and where it says that it listens. */
class Log {
  readonly lines: string[] = []
  readonly listening: Promise<string>

  constructor(child: ChildProcess) {
    this.listening = new Promise((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null) {
          createInterface({ input: stream }).on('line', (line) => {
            this.lines.push(line)
            const url = /Listening on (http:\/\/\S+)/.exec(line)?.[1]
            if (url !== undefined) {
              resolve(url)
            }
          })
        }
      }
    })
    child.once('error', (error) => this.lines.push(error.message))
  }
}

async function ready(log: Log): Promise<string> {
  const deadline = AbortSignal.timeout(READY_WITHIN_MS)
  const late = once(deadline, 'abort').then(() => {
    throw new Error(`The broker did not answer its heartbeat within ${READY_WITHIN_MS / 1000} s.`)
  })
  const url = await Promise.race([log.listening, late])
  while (!deadline.aborted) {
    try {
      const answer = await fetch(`${url}/diagnostic/status/heartbeat`, { signal: deadline })
      await answer.body?.cancel()
      if (answer.ok) {
        return url
      }
    } catch {
      // Not listening yet.
    }
    await delay(100)
  }
  return late
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM')
  const patience = new AbortController()
  const impatient = delay(STOPPED_WITHIN_MS, undefined, { signal: patience.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  )
  await ended
  patience.abort()
  await impatient
}
