import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/verdict/package-root.ts'

export interface CliAnswer {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Given the process while it runs, and all that it has printed so far. */
  readonly onOutput?: (child: ChildProcess, output: string) => void
}

/** A folder for what a run writes, so that tests that run side by side do not meet. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'auth-harness-cli-'))
}

/** Runs the command line as a user does, in a process of its own; reports go to a temporary folder. */
export function runCli(
  args: readonly string[],
  { env = {}, cwd = temporaryFolder(), onOutput }: CliOptions = {},
): Promise<CliAnswer> {
  const child = spawn(process.execPath, [join(packageRoot, 'src', 'cli', 'main.ts'), ...args], {
    cwd,
    env: { ...withoutOurs(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    onOutput?.(child, stdout + stderr)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onOutput?.(child, stdout + stderr)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

/** The machine's own settings must not decide a test. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(AUTH_HARNESS_|PACT_BROKER_|GITHUB_)/.test(name)),
  )
}
