export { runSpecs } from './consumer/run-specs.ts'
export { type VerifyResult, verifyPacts } from './verification/verify-pacts.ts'
