export { type ContractResult, runSpecs, type SpecOptions } from './consumer/run-specs.ts'
export { type VerifyOptions, type VerifyResult, verifyPacts } from './verification/verify-pacts.ts'
