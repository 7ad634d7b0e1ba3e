export { runSpecs } from './consumer/run-specs.ts'
export { statesOfPacts } from './pact-states.ts'
export { VerifierProcess } from './verification/verifier.ts'
export { listInteractions, type VerifyResult, verifyPacts } from './verification/verify-pacts.ts'
