import type { Plant } from '../policies/policies.ts'

type LoadScenario = 'issuance' | 'refresh' | 'session' | 'lockout' | 'journey'

/** A fault planted in the reference provider, to prove that the gate sees it. */
export interface Defect {
  /** kebab-case, named by what is wrong. */
  readonly id: string
  /** One sentence: what is wrong. */
  readonly title: string
  /** Ids of the clauses that it breaks. */
  readonly clauses: readonly string[]
  /** The load scenarios that show it, each by a check of its own, where only many requests at once can. */
  readonly underLoad: false | readonly LoadScenario[]
  /** Makes the replacements anew for each provider, so that none shares what it counts with another. */
  readonly plant: () => Plant
}

export type DefectInfo = Omit<Defect, 'plant'>
