/** How a run goes, told about once a second. */
export interface Progress {
  /** Since the start of the scenarios, ms. */
  readonly elapsedMs: number
  /** Until the last scenario is over that has an end by plan, ms, without gracefulStop; absent where none has. */
  readonly remainingMs?: number
  /** VUs that run an iteration. */
  readonly vus: number
  /** Iterations per second that ended since the last report; of the planned ones only, where there are any. */
  readonly achievedRate: number
  /** Iterations per second that open executors plan now; absent where only closed ones run. */
  readonly plannedRate?: number
  /** Requests and iterations that have failed so far. */
  readonly errors: number
  /** 95th percentile of the durations of requests so far, ms; absent before the first. */
  readonly p95Ms?: number
}
