/** A password that is nearly the right one. */
export interface NearMiss {
  readonly name: string
  /** Ends the sentence "a login with …". */
  readonly what: string
  /** @returns undefined where the password gives no means to make one */
  make(password: string): string | undefined
}

/** Of any password. */
export const NEAR_MISSES: readonly NearMiss[] = [
  {
    name: 'password-in-other-case',
    what: 'the right password in the other letter case',
    make: (password) => different(swapCase(password), password),
  },
  {
    name: 'password-after-a-blank',
    what: 'a blank before the right password',
    make: (password) => ` ${password}`,
  },
  {
    name: 'password-before-a-blank',
    what: 'a blank after the right password',
    make: (password) => `${password} `,
  },
  {
    name: 'password-cut-short',
    what: 'the right password without its last character',
    make: (password) => (password.length > 1 ? password.slice(0, -1) : undefined),
  },
  {
    name: 'password-with-more',
    what: 'the right password with one character more',
    make: (password) => `${password}x`,
  },
]

/** bcrypt reads no further. */
const READ_BY_BCRYPT_BYTES = 72

/** Asked of the target for {@link LONG_NEAR_MISSES}, in characters. */
export const LONG_PASSWORD = 100

/** Of a long password that has one byte a character. */
export const LONG_NEAR_MISSES: readonly NearMiss[] = [
  {
    name: 'long-password-cut-short',
    what: `the first ${READ_BY_BCRYPT_BYTES} bytes of a long password`,
    make: (password) => password.slice(0, READ_BY_BCRYPT_BYTES),
  },
  {
    name: 'long-password-with-another-end',
    what: `a long password that is another one after ${READ_BY_BCRYPT_BYTES} bytes`,
    make: (password) =>
      `${password.slice(0, READ_BY_BCRYPT_BYTES)}${[...password.slice(READ_BY_BCRYPT_BYTES)].map((char) => (char === 'x' ? 'y' : 'x')).join('')}`,
  },
]

function different(text: string, from: string): string | undefined {
  return text === from ? undefined : text
}

export function swapCase(text: string): string {
  return [...text]
    .map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()))
    .join('')
}
