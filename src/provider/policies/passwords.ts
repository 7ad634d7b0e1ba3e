import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { ProviderSettings } from '../settings.ts'

const HASH_BYTES = 32
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

export interface PasswordHash {
  salt: Buffer
  hash: Buffer
}

export interface Passwords {
  hash(password: string): Promise<PasswordHash>
  /** Works as long for an unknown login (no hash) as for a wrong password, so that time tells nothing. */
  matches(password: string, stored: PasswordHash | undefined): Promise<boolean>
}

export function createPasswords(settings: Pick<ProviderSettings, 'scryptCost'>): Passwords {
  const options = { N: settings.scryptCost, r: 8, p: 1, maxmem: 256 * settings.scryptCost * 8 + 1024 * 1024 }
  // Random bytes are the hash of no password.
  const nobody: PasswordHash = { salt: randomBytes(16), hash: randomBytes(HASH_BYTES) }
  return {
    async hash(password) {
      const salt = randomBytes(16)
      return { salt, hash: await derive(password, salt, HASH_BYTES, options) }
    },
    async matches(password, stored) {
      const { salt, hash } = stored ?? nobody
      return timingSafeEqual(await derive(password, salt, HASH_BYTES, options), hash)
    },
  }
}
