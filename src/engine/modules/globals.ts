import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { redactText } from '../../verdict/redact.ts'
import { OF_JAVASCRIPT, type ScriptGlobals } from '../script/compile.ts'
import type { Vu } from '../vu/vu.ts'
import { arrayBufferOf } from './bytes.ts'
import { timersMember } from './timers.ts'

/** Globals of one VU; each is made when the script names it. */
export class VuGlobals implements ScriptGlobals {
  readonly #vu: Vu
  readonly #env: Readonly<Record<string, string>>

  constructor(vu: Vu, scenarioEnv: Readonly<Record<string, string>>) {
    this.#vu = vu
    this.#env = scenarioEnv
  }

  get open(): (path: unknown, mode?: unknown) => string | ArrayBuffer {
    return (path, mode) => open(this.#vu, String(path), mode)
  }

  get console(): Record<string, (...values: unknown[]) => void> {
    const { log } = this.#vu.services
    const write =
      (level: string) =>
      (...values: unknown[]) =>
        log(redactText(`${level} ${values.map(show).join(' ')}`))
    return {
      log: write('INFO'),
      info: write('INFO'),
      debug: write('DEBUG'),
      warn: write('WARN'),
      error: write('ERROR'),
    }
  }

  get __ENV(): Record<string, string> {
    const { env, withheldEnv } = this.#vu.services
    return Object.assign(Object.create(withheldEnv) as Record<string, string>, env, this.#env)
  }

  get crypto(): VuCrypto {
    return new VuCrypto(this.#vu)
  }

  get TextEncoder(): typeof TextEncoder {
    return TextEncoder
  }

  get TextDecoder(): typeof TextDecoder {
    return TextDecoder
  }

  get setTimeout(): unknown {
    return timersMember(this.#vu, 'setTimeout')
  }

  get clearTimeout(): unknown {
    return timersMember(this.#vu, 'clearTimeout')
  }

  get setInterval(): unknown {
    return timersMember(this.#vu, 'setInterval')
  }

  get clearInterval(): unknown {
    return timersMember(this.#vu, 'clearInterval')
  }

  get Math(): Math {
    return this.#vu.services.seedsRandom ? seededMath(this.#vu) : Math
  }

  /** An object of the VU's own: a member that the script sets is seen by no other VU. */
  get globalThis(): object {
    const names = [
      'open',
      'console',
      '__ENV',
      'crypto',
      'TextEncoder',
      'TextDecoder',
      ...TIMERS,
      'Math',
    ] as const
    const own: Record<string, unknown> = {}
    for (const name of OF_JAVASCRIPT) own[name] = (globalThis as Record<string, unknown>)[name]
    for (const name of names) own[name] = this[name]
    own.globalThis = own
    return own
  }
}

const TIMERS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const

function open(vu: Vu, path: string, mode: unknown): string | ArrayBuffer {
  if (!vu.initialising) throw new Error('open() can be used only in the init context')
  if (path === '') throw new TypeError("open() can't be used with an empty filename")
  const { files, scriptFolder } = vu.services
  const file = resolve(scriptFolder, path.replace(/^file:\/\//, ''))
  let bytes = files.get(file)
  if (bytes === undefined) {
    try {
      bytes = readFileSync(file)
    } catch (error) {
      throw new Error(`open(): cannot read ${file}: ${error instanceof Error ? error.message : error}`)
    }
    files.set(file, bytes)
  }
  return mode === 'b' ? arrayBufferOf(bytes) : bytes.toString('utf8')
}

function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return `${value.name}: ${value.message}`
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}

/** A `Math` whose `random` is the VU's, so that `randomSeed` seeds one VU and no other. */
function seededMath(vu: Vu): Math {
  const own = Object.defineProperties({}, Object.getOwnPropertyDescriptors(Math)) as Math
  own.random = () => vu.random()
  return own
}

/** Web Crypto, whose operations an iteration waits for. */
class VuCrypto {
  readonly #vu: Vu
  #subtle: Record<string, unknown> | undefined

  constructor(vu: Vu) {
    this.#vu = vu
  }

  get subtle(): Record<string, unknown> {
    this.#subtle ??= Object.fromEntries(
      SUBTLE.map((name) => [
        name,
        (...given: unknown[]) =>
          this.#vu.track(
            // Its methods take different arguments; Web Crypto checks them itself.
            (crypto.subtle[name] as (...all: unknown[]) => Promise<unknown>).apply(crypto.subtle, given),
          ),
      ]),
    )
    return this.#subtle
  }

  getRandomValues(array: Parameters<typeof crypto.getRandomValues>[0]): unknown {
    return crypto.getRandomValues(array)
  }

  randomUUID(): string {
    return crypto.randomUUID()
  }
}

const SUBTLE = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'digest',
  'generateKey',
  'deriveBits',
  'deriveKey',
  'importKey',
  'exportKey',
  'wrapKey',
  'unwrapKey',
] as const
