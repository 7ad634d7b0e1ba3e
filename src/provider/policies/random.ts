import { randomFillSync } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const pool = Buffer.allocUnsafe(8192)
let used = pool.length

/**
 * Random letters and digits, each of almost six bits. Random bytes are drawn and translated 8 KiB at a time: a
 * draw for every id would cost more than signing a token.
 */
export function randomText(length: number): string {
  if (used + length > pool.length) {
    randomFillSync(pool)
    for (let at = 0; at < pool.length; at++) {
      pool[at] = ALPHABET.charCodeAt((pool[at] ?? 0) % ALPHABET.length)
    }
    used = 0
  }
  used += length
  return pool.toString('latin1', used - length, used)
}
