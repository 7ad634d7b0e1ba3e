import type { Verdict } from './verdict.ts'

/** Exit codes of every command. Scripts depend on them: a code is added, never changed. */
export const ExitCode = {
  /** Every clause asked for was evaluated, and held; what is not provable here is listed and does not fail. */
  held: 0,
  /** A clause is broken, or a threshold was crossed. */
  broken: 1,
  /** The command, the configuration or the script is wrong. */
  usage: 2,
  /** The target is unreachable, the generator could not keep its schedule, or nothing was evaluated. */
  noVerdict: 3,
  /** SIGINT; what was measured so far is reported. */
  interrupted: 130,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** `verdict` is that of the whole run; a run in which nothing could be proved has shown nothing. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'held':
      return ExitCode.held
    case 'broken':
      return ExitCode.broken
    case 'not evaluated':
    case 'not provable here':
      return ExitCode.noVerdict
  }
}
