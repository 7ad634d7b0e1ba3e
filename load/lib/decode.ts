import encoding from 'k6/encoding'
import { type Forger, forger } from './forge.ts'
import { createTokenReader, type TokenReader } from './jwt.ts'

const decode = (section: string) => encoding.b64decode(section, 'rawurl', 's')
const encode = (text: string) => encoding.b64encode(text, 'rawurl')

/** A reader of tokens that decodes with k6's own code. */
export function tokenReader(): TokenReader {
  return createTokenReader(decode)
}

export const forge: Forger = forger(decode, encode)
