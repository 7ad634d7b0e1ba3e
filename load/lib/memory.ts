/** Remembers which keys were seen, so that a second one is noticed. */
export interface Memory {
  /**
   * Whether `key` was not seen before; from now on it was.
   * @param key a whole number from 0 to 2^53 - 2
   */
  isNew(key: number): boolean
}

/**
 * A memory that is exact among the last `capacity` keys and up to twice that: two generations of tables bound it in a
 * run of any length. Tables of numbers, since a set of texts took half of what a VU costs: it keeps each text and its
 * hash.
 *
 * No class, as in all that every iteration goes through: each VU runs the script for itself, and to V8 fifty VUs have
 * fifty classes, whose members are looked up anew at every access. Closures cost nothing of the kind: they took a
 * tenth off an iteration.
 */
export function createMemory(capacity = 8192): Memory {
  let young = newTable()
  let size = 0
  let old = newTable()
  return {
    isNew(key) {
      if (old[slotOf(key, old)] !== 0) return false
      const slot = slotOf(key, young)
      if (young[slot] !== 0) return false
      young[slot] = key + 1
      size++
      if (size >= capacity) {
        old = young
        young = newTable()
        size = 0
      } else if (size * 2 > young.length) young = grown(young)
      return true
    },
  }
}

/** A set of numbers by open addressing; at most half full. A slot holds its key plus one, and 0 is free. */
type Table = Float64Array

function newTable(): Table {
  return new Float64Array(64)
}

/** Where `key` is, or else would be. */
function slotOf(key: number, slots: Table): number {
  const mask = slots.length - 1
  // Multiplied by the golden ratio, since the keys of tokens that only count up would stand side by side. A product
  // spreads towards its upper bits, and of a key above 32 bits the bitwise operators take the lower 32 alone.
  let slot = (Math.imul(key ^ (key / 0x100000000), 0x9e3779b1) >>> 8) & mask
  while (slots[slot] !== 0 && slots[slot] !== key + 1) slot = (slot + 1) & mask
  return slot
}

function grown(slots: Table): Table {
  const larger = new Float64Array(slots.length * 2)
  for (const stored of slots) if (stored !== 0) larger[slotOf(stored - 1, larger)] = stored
  return larger
}

/** Characters of Base64url that make a key: 48 bits. */
const FINGERPRINT_LENGTH = 8

/**
 * The end of a token as a number: 48 bits of its signature, without its last character, which of a 32-byte signature
 * carries four bits only. A token that comes again has the same ones, so no repeat is missed. Two different signed
 * tokens share them with a chance of 2^-48 a pair: among ten million tokens of a VU, each compared with the 16,384
 * before it, a false alarm has a chance of about 6 in 10,000.
 */
export function fingerprint(token: string): number {
  const end = token.length - 1
  let key = 0
  for (let at = Math.max(0, end - FINGERPRINT_LENGTH); at < end; at++)
    key = key * 64 + sextet(token.charCodeAt(at))
  return key
}

/** The value of a Base64url character; of any other some value, so that a token that is none is told apart as well. */
function sextet(code: number): number {
  if (code === 95) return 63
  if (code >= 97) return (code - 71) & 63
  if (code >= 65) return code - 65
  if (code >= 48) return (code + 4) & 63
  return 62
}
