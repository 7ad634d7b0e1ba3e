import { swapCase } from './near-misses.ts'

/** Another way to write a login, that a target may take for the same one. */
export interface Spelling {
  readonly name: string
  /** Ends the sentence "a login written …". */
  readonly how: string
  /** @returns the login itself where it gives no means to write it so */
  write(login: string): string
}

export const SPELLINGS: readonly Spelling[] = [
  { name: 'other-case', how: 'in the other letter case', write: swapCase },
  { name: 'blanks', how: 'with blanks around it', write: (login) => ` ${login} ` },
  {
    name: 'compatibility-form',
    how: 'with a full-width letter (NFKC makes it a plain one)',
    write: fullWidth,
  },
]

/** From ASCII to its full-width form, which has the same order. */
const TO_FULL_WIDTH = 0xfee0

/** The first letter in its full-width form. */
function fullWidth(login: string): string {
  return login.replace(/[a-z]/i, (letter) => String.fromCharCode(letter.charCodeAt(0) + TO_FULL_WIDTH))
}
