import { SettingError } from '../settings.ts'
import { credentialsDefects } from './credentials.ts'
import type { Defect, DefectInfo } from './defect.ts'
import { faultDefects } from './faults.ts'
import { followUpDefects } from './follow-up.ts'
import { guestDefects } from './guest.ts'
import { loadDefects } from './load.ts'
import { lockoutDefects } from './lockout.ts'
import { passwordDefects } from './passwords.ts'
import { refreshDefects } from './refresh.ts'
import { sessionDefects } from './session.ts'
import { signatureDefects } from './signatures.ts'
import { spellingDefects } from './spellings.ts'
import { tokenDefects } from './token.ts'

const ALL: readonly Defect[] = [
  ...tokenDefects,
  ...guestDefects,
  ...credentialsDefects,
  ...passwordDefects,
  ...lockoutDefects,
  ...spellingDefects,
  ...sessionDefects,
  ...refreshDefects,
  ...signatureDefects,
  ...followUpDefects,
  ...faultDefects,
  ...loadDefects,
]

/** Every defect that the setting `defect` takes. */
export const DEFECTS: readonly DefectInfo[] = ALL.map(({ plant, ...info }) => info)

/** @throws {SettingError} no defect has this id */
export function findDefect(id: string): Defect {
  const found = ALL.find((defect) => defect.id === id)
  if (found === undefined) {
    throw new SettingError('defect', `must be one of ${ALL.map((defect) => defect.id).join(', ')}`, id)
  }
  return found
}
