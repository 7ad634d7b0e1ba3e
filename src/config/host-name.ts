/**
 * A host's name in the one form that `URL` gives it: lower case, punycode, IPv6 in brackets and shortest form.
 * @returns undefined where the text is anything else than the name of one host
 */
export function hostName(text: string): string | undefined {
  const bare = text.includes(':') && !text.startsWith('[') ? `[${text}]` : text
  if (/[\s*@/\\?#%]/.test(bare) || !URL.canParse(`http://${bare}`)) return undefined
  const url = new URL(`http://${bare}`)
  // A port of 80 is dropped by URL, so the text is asked too.
  return url.href === `http://${url.hostname}/` && !/:\d*$/.test(bare.replace(/^\[[^\]]*\]/, ''))
    ? url.hostname
    : undefined
}
