import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

export const hasTmux = spawnSync('tmux', ['-V']).status === 0

/** A terminal that a program sees as a person's, and whose screen a test can read. */
export class Terminal {
  readonly #socket = `auth-harness-test-${randomBytes(6).toString('hex')}`

  /** Starts a shell of its own server, so that no session of the machine is touched. */
  constructor({ columns, cwd }: { columns: number; cwd: string }) {
    const size = ['-x', String(columns), '-y', '60']
    // What the shell of the tests has set must not decide what is drawn.
    const neutral = ['-e', 'CI=', '-e', 'NO_COLOR=']
    this.#tmux('new-session', '-d', ...size, '-c', cwd, ...neutral, 'bash --norc --noprofile')
  }

  /** Types a line and Enter. */
  enter(line: string): void {
    this.#tmux('send-keys', '-l', line)
    this.#tmux('send-keys', 'Enter')
  }

  interrupt(): void {
    this.#tmux('send-keys', 'C-c')
  }

  /** What has been on the screen and stands in its history, line by line as it is drawn: a wrapped line is two. */
  screen({ colors = false } = {}): string {
    return this.#tmux('capture-pane', '-p', '-S', '-', ...(colors ? ['-e'] : [])).trimEnd()
  }

  /** @throws when the screen does not show it in time (ms) */
  async waitFor(pattern: RegExp, timeoutMs = 60_000): Promise<string> {
    const end = Date.now() + timeoutMs
    for (;;) {
      const screen = this.screen()
      if (pattern.test(screen)) return screen
      if (Date.now() > end) throw new Error(`the terminal does not show ${pattern}:\n${screen}`)
      await sleep(100)
    }
  }

  close(): void {
    this.#tmux('kill-server')
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', ...args], { encoding: 'utf8' })
  }
}
