export { Broker, brokerFromEnvironment } from './broker.ts'
export { type BuildIdentity, buildIdentity, requireKnownVersion } from './build-identity.ts'
export { type CanIDeployOptions, type CanIDeployResult, canIDeploy, type MatrixRow } from './can-i-deploy.ts'
export { type BrokerPact, type PactSelection, pactsForVerification } from './pacts-for-verification.ts'
export { type PublishedContract, type PublishOptions, type PublishResult, publish } from './publish.ts'
export { type RecordDeploymentOptions, recordDeployment } from './record-deployment.ts'
export { type ConsumerVersionSelector, defaultSelectors, parseSelector } from './selectors.ts'
export type { ProviderVersion } from './verification-results.ts'
export {
  type BrokerVerification,
  type VerifiedPact,
  type VerifyFromBrokerOptions,
  verifyFromBroker,
} from './verify-from-broker.ts'
