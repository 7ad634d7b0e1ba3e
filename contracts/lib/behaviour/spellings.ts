import { swapCase } from './near-misses.ts'

/** Another way to write a login, that a target may take for the same one. */
export interface Spelling {
  /** Ends the sentence "a login written …". */
  readonly how: string
  write(login: string): string
}

export const SPELLINGS: readonly Spelling[] = [
  { how: 'in the other letter case', write: swapCase },
  { how: 'with blanks around it', write: (login) => ` ${login} ` },
  {
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
