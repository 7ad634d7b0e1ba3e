import type { ProviderStateName } from '../../../src/target/states/states.ts'
import { readPact, statesOf } from './pact-file.ts'
import { isProviderState } from './verification/provider-values.ts'

/** @returns the provider states of ours that the interactions of the pact files ask for */
export function statesOfPacts(files: readonly string[]): ProviderStateName[] {
  const names = files.flatMap((file) => readPact(file).interactions).flatMap(statesOf)
  return [...new Set(names)].filter(isProviderState)
}
