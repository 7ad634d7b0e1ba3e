import type { PasswordHash, Passwords } from '../policies/passwords.ts'
import type { Defect } from './defect.ts'

export const passwordDefects: readonly Defect[] = [
  {
    id: 'password-in-any-letter-case',
    title: 'passwords are compared in lower case',
    clauses: ['CRED-4'],
    underLoad: false,
    plant: () => comparedAs((password) => password.toLowerCase()),
  },
  {
    id: 'password-trimmed',
    title: 'blanks before and after a password are ignored',
    clauses: ['CRED-4'],
    underLoad: false,
    plant: () => comparedAs((password) => password.trim()),
  },
  {
    id: 'password-cut-short-accepted',
    title: 'the beginning of the right password is let in: the comparison ends where the given one does',
    clauses: ['CRED-4'],
    underLoad: false,
    plant: () => remembering((given, right) => (given !== '' && right.startsWith(given) ? right : given)),
  },
  {
    id: 'password-with-more-accepted',
    title: 'the right password with more behind it is let in: the comparison ends where the right one does',
    clauses: ['CRED-4'],
    underLoad: false,
    plant: () => remembering((given, right) => given.slice(0, right.length)),
  },
  {
    id: 'password-first-72-bytes-only',
    title: 'of a password only the first 72 bytes are compared, as bcrypt does',
    clauses: ['CRED-4'],
    underLoad: false,
    plant: () => comparedAs((password) => Buffer.from(password).subarray(0, 72).toString('latin1')),
  },
]

/** Every password is changed before it is hashed or compared. */
function comparedAs(change: (password: string) => string): ReturnType<Defect['plant']> {
  return {
    passwords: (correct) => ({
      hash: (password) => correct.hash(change(password)),
      matches: (password, stored) => correct.matches(change(password), stored),
    }),
  }
}

/** A given password is changed before it is compared, by what the right one is. */
function remembering(change: (given: string, right: string) => string): ReturnType<Defect['plant']> {
  return {
    passwords(correct): Passwords {
      const rights = new WeakMap<PasswordHash, string>()
      return {
        async hash(password) {
          const stored = await correct.hash(password)
          rights.set(stored, password)
          return stored
        },
        matches(given, stored) {
          const right = stored && rights.get(stored)
          return correct.matches(right === undefined ? given : change(given, right), stored)
        },
      }
    },
  }
}
