/** The provider's own time: the system's, moved forward by the provider state `time passes`. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** @param seconds zero or more: time never runs backwards */
  advance(seconds: number): void
  /** Now, as the response header `Date` carries it. */
  httpDate(): string
}

export function createClock(source: () => number = Date.now): Clock {
  let movedMs = 0
  let cachedSecond = Number.NaN
  let cachedDate = ''
  const now = () => source() + movedMs
  return {
    now,
    advance(seconds) {
      movedMs += Math.round(seconds * 1000)
    },
    httpDate() {
      const second = Math.floor(now() / 1000)
      if (second !== cachedSecond) {
        cachedSecond = second
        cachedDate = new Date(second * 1000).toUTCString()
      }
      return cachedDate
    },
  }
}
