import encoding from 'k6/encoding'
import { TokenReader } from './jwt.ts'

/** A reader of tokens that decodes with k6's own code. */
export function tokens(): TokenReader {
  return new TokenReader((section) => encoding.b64decode(section, 'rawurl', 's'))
}
