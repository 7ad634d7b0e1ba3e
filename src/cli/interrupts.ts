export interface Interrupts {
  /** Aborted by the first SIGINT or SIGTERM: finish what is under way. */
  readonly signal: AbortSignal
  /** Aborted by the second: end at once, with what there is. */
  readonly hardSignal: AbortSignal
  /** Gives the signals back to the process. */
  dispose(): void
}

export function listenForInterrupts(onFirst: () => void): Interrupts {
  const soft = new AbortController()
  const hard = new AbortController()
  const onInterrupt = () => {
    if (soft.signal.aborted) return hard.abort()
    soft.abort()
    onFirst()
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  return {
    signal: soft.signal,
    hardSignal: hard.signal,
    dispose() {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onInterrupt)
    },
  }
}
