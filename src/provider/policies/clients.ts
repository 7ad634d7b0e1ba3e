import type { ProviderSettings } from '../settings.ts'
import { bearerToken } from './bearers.ts'
import { invalidAccessToken, missingClientId, unknownClientId } from './fault.ts'
import type { Tokens } from './tokens.ts'

/** Where a request may name its client. */
interface ClientSource {
  authorization: string | undefined
  /** The query parameter `client_id`. */
  query: string | undefined
  /** The header `x-dw-client-id`. */
  header: string | undefined
}

/** Decides which client application a request comes from (clause FAULT-3). */
export interface Clients {
  /**
   * The documented precedence: the token's issuer, the query parameter, the header.
   * @throws {Fault} 400: none is named; 401: an unknown one is
   */
  identify(source: ClientSource): string
}

/**
 * A token's issuer names the client whether or not the token holds: a client id is no secret, and whoever asks for
 * a token (`Bearers`) refuses one that does not hold.
 */
export function createClients(settings: Pick<ProviderSettings, 'clientIds'>, tokens: Tokens): Clients {
  const known = new Set(settings.clientIds)
  return {
    identify({ authorization, query, header }) {
      const token = authorization === undefined ? undefined : bearerToken(authorization)
      const clientId = (token !== undefined && tokens.read(token)?.clientId) || query || header
      if (!clientId) throw token === undefined ? missingClientId() : invalidAccessToken()
      if (!known.has(clientId)) throw unknownClientId(clientId)
      return clientId
    },
  }
}
