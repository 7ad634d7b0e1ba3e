/** The same login written in other ways: in other letter case, with blanks around it, in a compatibility form. */
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
