import type { Vu } from '../vu/vu.ts'
import { cryptoMember } from './crypto.ts'
import { dataMember } from './data.ts'
import { encodingMember } from './encoding.ts'
import { executionMember } from './execution.ts'
import { httpMember } from './http.ts'
import { k6Member } from './k6.ts'
import { metricsMember } from './metrics.ts'
import { timersMember } from './timers.ts'

const MEMBERS: Readonly<Record<string, (vu: Vu, name: string) => unknown>> = {
  k6: k6Member,
  'k6/http': httpMember,
  'k6/metrics': metricsMember,
  'k6/execution': executionMember,
  'k6/data': dataMember,
  'k6/encoding': encodingMember,
  'k6/crypto': cryptoMember,
  'k6/timers': timersMember,
}

/** What a name that a script imports stands for in one VU. The bundle asks once for each, when a VU is made. */
export function moduleMember(vu: Vu, module: string, name: string): unknown {
  return MEMBERS[module]?.(vu, name)
}
