import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { HarnessError } from '../verdict/errors.ts'
import { redactText } from '../verdict/redact.ts'
import type { Broker } from './broker.ts'
import { brokerFailed, brokerUnreachable, credentialsRefused } from './errors.ts'

/** Of one command that does not poll; it takes a tenth of a second, and its own retries a second. */
const TIMEOUT_MS = 30_000

export interface CliAnswer {
  exitCode: number
  /** The JSON that the command printed; undefined where it printed none. */
  json: unknown
  /** What it said on both streams, redacted. */
  text: string
}

export interface CliOptions {
  /** Milliseconds that the command may take on top of those of one that does not poll. */
  pollsForMs?: number
  env?: NodeJS.ProcessEnv | undefined
  signal?: AbortSignal | undefined
}

/**
 * Runs `pact broker ARGS -o json`. The binary is started itself and not through its Node wrapper, which would
 * leave it running when ended.
 * @throws {HarnessError} of kind HARNESS: PACT_CLI_MISSING, PACT_CLI_FAILED (it could not be run to its end)
 */
export async function pactBroker(
  broker: Broker,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliAnswer> {
  const { pollsForMs = 0, env = process.env, signal } = options
  // Retries are attempts in all, half a second apart; the default of 8 keeps a user waiting for a minute.
  const child = spawn(binary(), ['broker', ...args, '--output', 'json', '--retries', '2'], {
    env: broker.clientEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS + pollsForMs,
    ...(signal && { signal }),
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).catch((error: Error) => {
    if (signal?.aborted) throw error
    throw new HarnessError(
      'HARNESS',
      'PACT_CLI_FAILED',
      `pact broker ${args[0]} could not be run: ${error.message}`,
      {
        cause: error,
      },
    )
  })
  const text = redactText(`${Buffer.concat(stdout)}${Buffer.concat(stderr)}`.trim())
  if (exitCode === null) {
    throw new HarnessError(
      'HARNESS',
      'PACT_CLI_FAILED',
      `pact broker ${args[0]} did not end in time. ${text}`,
    )
  }
  return { exitCode, json: jsonIn(Buffer.concat(stdout).toString()), text }
}

/** The command prints lines for people before its JSON, which stands on one line. */
function jsonIn(stdout: string): unknown {
  const line = stdout.split('\n').findLast((candidate) => candidate.startsWith('{'))
  if (line === undefined) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Of the package of this platform that `@pact-foundation/pact-cli` brings along. */
function binary(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@pact-foundation/pact-cli-${platform}-${process.arch}`
  try {
    const cli = createRequire(import.meta.url).resolve('@pact-foundation/pact-cli/package.json')
    const folder = dirname(createRequire(cli).resolve(`${name}/package.json`))
    const file = join(folder, 'standalone', process.platform === 'win32' ? 'pact.exe' : 'pact')
    if (existsSync(file)) return file
  } catch {
    // Said below.
  }
  throw new HarnessError(
    'HARNESS',
    'PACT_CLI_MISSING',
    `The Pact CLI for this platform, ${name}, is not installed.`,
    {
      remedy: 'Install without --omit=optional: npm ci',
    },
  )
}

/** Why a command failed that the broker's index let begin: the broker's fault, as far as its words tell. */
export function failureOf(broker: Broker, command: string, { exitCode, text }: CliAnswer): HarnessError {
  const status = Number(/failed: (\d{3}) /.exec(text)?.[1])
  if (status === 401 || status === 403) return credentialsRefused(broker, status)
  if (status >= 500) return brokerFailed(broker, text)
  if (/error sending request/.test(text)) return brokerUnreachable(broker, text)
  return new HarnessError(
    'HARNESS',
    'PACT_CLI_FAILED',
    `pact broker ${command} ended with ${exitCode}: ${text}`,
  )
}
