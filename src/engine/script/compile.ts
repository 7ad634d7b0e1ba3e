import { Script } from 'node:vm'
import type { BundledScript } from './source.ts'

/** What the bundle's code asks of the VU that it runs in. */
export interface ScriptHost {
  readonly get: (module: string, name: string) => unknown
  vu: number
  iter: number
}

export type ScriptExports = Readonly<Record<string, unknown>>

/** Globals of a VU that are not those of JavaScript itself. Members are read only where the script names them. */
export type ScriptGlobals = Readonly<Record<GivenGlobal, unknown>>

/** Runs the script's init context once more, and gives the exports of that instance. */
export type ScriptFactory = (host: ScriptHost, globals: ScriptGlobals) => Promise<ScriptExports>

/** Lines that stand before the bundle's own text; stack traces are moved by them. */
export const LINES_BEFORE = 2

/** The name that V8 gives the code in stack traces. */
export function bundleName(script: BundledScript): string {
  return `k6-script:${script.path}`
}

/** Names of ECMA-262's global object. */
export const OF_JAVASCRIPT: ReadonlySet<string> = new Set(
  (
    'Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI ' +
    'encodeURIComponent escape unescape AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array ' +
    'Boolean DataView Date Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function ' +
    'Int8Array Int16Array Int32Array Iterator Map Number Object Promise Proxy RangeError ReferenceError RegExp ' +
    'Set String Symbol SyntaxError TypeError Uint8Array Uint8ClampedArray Uint16Array Uint32Array URIError ' +
    'WeakMap WeakRef WeakSet JSON Math Reflect globalThis'
  ).split(' '),
)

/** Globals of Node that a script must not see, since k6 has none of them. */
const HIDDEN = Object.getOwnPropertyNames(globalThis).filter((name) => !isOfJavaScript(name))

/** Globals that a VU gets from the engine. */
const GIVEN = [
  'open',
  'console',
  '__ENV',
  'crypto',
  'TextEncoder',
  'TextDecoder',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'globalThis',
  'Math',
] as const
type GivenGlobal = (typeof GIVEN)[number]

/**
 * Compiles once; every call of the factory is a module instance of its own. The globals are parameters of an
 * outer function, so the script may declare the same names itself, and those that it does not use cost nothing.
 */
export function compileScript(script: BundledScript): ScriptFactory {
  const parameters = [...GIVEN, ...HIDDEN.filter((name) => !(GIVEN as readonly string[]).includes(name))]
  const outer = new Script(`(function (__k6, ${parameters.join(', ')}) { return (\n${script.code}\n)() })`, {
    filename: bundleName(script),
  }).runInThisContext() as (host: ScriptHost, ...globals: unknown[]) => Promise<ScriptExports>
  const named = new Set(GIVEN.filter((name) => script.code.includes(name)))
  return (host, globals) => outer(host, ...GIVEN.map((name) => (named.has(name) ? globals[name] : undefined)))
}

function isOfJavaScript(name: string): boolean {
  return OF_JAVASCRIPT.has(name) || !/^[A-Za-z_$][\w$]*$/.test(name)
}
