import encoding from 'k6/encoding'
import { createTokenForger } from '../../src/ocapi/invalid-tokens.ts'
import { createTokenReader, type TokenReader } from '../../src/ocapi/token.ts'

const decode = (section: string) => encoding.b64decode(section, 'rawurl', 's')
const encode = (text: string) => encoding.b64encode(text, 'rawurl')

/** A reader of tokens that decodes with k6's own code. */
export function tokenReader(): TokenReader {
  return createTokenReader(decode)
}

export const forge = createTokenForger({ decode, encode })
