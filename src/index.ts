/** What the package exports: the client under contract, and the types of a configuration. */
export {
  CustomersClient,
  type CustomersClientSettings,
  type ICustomersClient,
  type RequestOptions,
} from './client/customers-client.ts'
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
export type { AuthRequest } from './ocapi/auth-request.ts'
export type { Customer } from './ocapi/customer.ts'
export type { Fault } from './ocapi/fault.ts'
export { type RunResult, runResultSchema } from './verdict/run-result.ts'
