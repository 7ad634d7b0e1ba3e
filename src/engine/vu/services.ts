import type { HttpTransport } from '../http/connections.ts'
import type { HttpRecorder } from '../http/recorder.ts'
import type { Measurements } from '../metrics/measurements.ts'
import type { Options } from '../options/options.ts'
import type { ScriptFactory } from '../script/compile.ts'
import type { ErrorLocator } from '../script/stack.ts'
import type { TurnEnd } from '../time/turn-end.ts'
import type { TimerWheel } from '../time/wheel.ts'
import type { CheckRecorder } from './check-recorder.ts'
import type { IterationRecorder } from './iteration-recorder.ts'

/** What all VUs of a worker share. */
export interface Services {
  readonly factory: ScriptFactory
  readonly seedsRandom: boolean
  /** The script's folder: paths of `open()` are relative to it. */
  readonly scriptFolder: string
  readonly options: Options
  readonly env: Readonly<Record<string, string>>
  /** What `__ENV` inherits from. */
  readonly withheldEnv: object
  readonly measurements: Measurements
  readonly recorder: HttpRecorder
  readonly checks: CheckRecorder
  readonly iterations: IterationRecorder
  readonly locator: ErrorLocator
  readonly wheel: TimerWheel
  readonly turnEnd: TurnEnd
  readonly now: () => number
  readonly newTransport: () => HttpTransport
  /** `SharedArray`s by name. */
  readonly sharedArrays: Map<string, readonly unknown[]>
  /** Contents of files that `open()` read, by absolute path. */
  readonly files: Map<string, Buffer>
  readonly instance: InstanceState
  /** @throws HarnessError when load must not be sent to the host */
  allow(hostname: string): void
  log(line: string): void
  /** A line that is told once in a run. */
  notice(line: string): void
  /** `exec.test.abort`, and errors that end the run. */
  abort(reason: Error): void
  /** `exec.test.fail` */
  fail(reason: string): void
}

/** Of `exec.instance`, and what the progress shows. */
interface InstanceState {
  /** On the engine's clock; 0 before the start. */
  startedAt: number
  vusInitialized: number
  vusActive: number
}

/** Of `exec.scenario`: what VUs see of the scenario that they run in. */
export interface ScenarioState {
  readonly name: string
  readonly executor: string
  /** ms since 1970 */
  startTime: number
  /** 0 to 1 */
  progress(): number
}
