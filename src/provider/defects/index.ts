import { SettingError } from '../settings.ts'
import type { Defect, DefectInfo } from './defect.ts'

const ALL: readonly Defect[] = []

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
