/** What the package exports: the client under contract, and the types of a configuration. */
export {
  CustomersClient,
  type CustomersClientSettings,
  type ICustomersClient,
  type RequestOptions,
} from './client/customers-client.ts'
export type { AuthRequest, Customer, Fault } from './client/documents.ts'
export {
  AbortError,
  ClientError,
  type ClientErrorCode,
  FaultError,
  InvalidAnswerError,
  InvalidRequestError,
  NetworkError,
  TimeoutError,
} from './client/errors.ts'
export type { PoqResponse } from './client/poq-response.ts'
export { type ConfigInput, defineConfig } from './config/schema.ts'
export { type RunResult, runResultSchema } from './verdict/run-result.ts'
