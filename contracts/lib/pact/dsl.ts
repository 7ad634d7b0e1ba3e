/** What a spec file needs to state an interaction. */
export {
  basic,
  bearer,
  clientId,
  sessionCookies,
  UNKNOWN_CLIENT_ID,
  wrongBasic,
  wrongBearer,
  wrongCookies,
} from './consumer/examples.ts'
export { interaction } from './consumer/interaction.ts'
export { authRequest, customerRequest, rawAuthRequest } from './consumer/requests.ts'
export { customerAnswer, fault } from './consumer/responses.ts'
