/** A moment of a load run. Times in ms, rates in iterations per second. */
export interface LoadProgress {
  readonly elapsedMs: number
  readonly remainingMs: number
  readonly vus: number
  readonly achievedRate: number
  readonly plannedRate?: number
  readonly errors: number
  readonly p95Ms?: number
}
