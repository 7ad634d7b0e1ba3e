import type { ProviderStateName } from '../../../src/target/states/states.ts'
import { readPact } from './pact-file.ts'
import { isProviderState } from './verification/provider-values.ts'

/** @returns the provider states of ours that the interactions of the pact files ask for */
export function statesOfPacts(files: readonly string[]): ProviderStateName[] {
  const names = files
    .flatMap((file) => readPact(file).interactions)
    .flatMap(({ providerStates = [] }) => providerStates.map(({ name }) => name))
  return [...new Set(names)].filter(isProviderState)
}
