import encoding from 'k6/encoding'
import type { Customer } from './states.ts'

/** The same login written in other ways: in other letter case, with blanks around it, in a compatibility form. */
export function spellingsOf({ basic, customerId }: Customer): Customer[] {
  const [, login = '', password = ''] = /^([^:]*):(.*)$/s.exec(encoding.b64decode(basic, 'std', 's')) ?? []
  return spelledOtherwise(login).map((spelling) => ({
    customerId,
    basic: encoding.b64encode(`${spelling}:${password}`),
  }))
}

/** Those of the other spellings of a login that are other texts than it. */
export function spelledOtherwise(login: string): string[] {
  return [swapCase(login), ` ${login} `, fullWidth(login)].filter((spelling) => spelling !== login)
}

function swapCase(text: string): string {
  return text.replace(/[a-zA-Z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
}

/** The first letter or digit as its full-width form, which NFKC folds back. */
function fullWidth(text: string): string {
  return text.replace(/[a-zA-Z0-9]/, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
}
