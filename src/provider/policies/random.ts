import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 8192

/** Letters and digits, each of almost six bits. */
export const randomText = randomOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
/** Hex digits in lower case. */
export const randomHex = randomOf('0123456789abcdef')

/**
 * Random characters of an alphabet. Random bytes are drawn and translated 8 KiB at a time: the system call of a draw
 * for every id would cost more than signing a token.
 */
function randomOf(alphabet: string): (length: number) => string {
  const pool = Buffer.allocUnsafe(POOL_BYTES)
  let used = pool.length
  return (length) => {
    if (used + length > pool.length) {
      randomFillSync(pool)
      for (let at = 0; at < pool.length; at++) {
        pool[at] = alphabet.charCodeAt((pool[at] ?? 0) % alphabet.length)
      }
      used = 0
    }
    used += length
    return pool.toString('latin1', used - length, used)
  }
}
