/** A script and its imports as one unit of JavaScript. Plain data: it crosses to worker threads. */
export interface BundledScript {
  /** Absolute path of the script. */
  readonly path: string
  /** The source of a function expression, see {@link ./compile.ts}. */
  readonly code: string
  /** The source map (version 3) of `code`, as JSON. */
  readonly map: string
  /** Names that the script exports; `default` among them. */
  readonly exports: readonly string[]
  /** True when the script imports `randomSeed`: only then does each VU need a `Math` of its own. */
  readonly seedsRandom: boolean
}
