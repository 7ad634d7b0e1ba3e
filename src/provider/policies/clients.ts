import type { ProviderSettings } from '../settings.ts'
import type { Bearers } from './bearers.ts'
import { invalidAccessToken, missingClientId, unknownClientId } from './fault.ts'

/** Where a request may name its client. */
export interface ClientSource {
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

export function createClients(settings: Pick<ProviderSettings, 'clientIds'>, bearers: Bearers): Clients {
  const known = new Set(settings.clientIds)
  return {
    identify({ authorization, query, header }) {
      // A token that is not ours names no client; its refusal is for those that ask for a token.
      const issuer = authorization === undefined ? undefined : bearers.clientOf(authorization)
      const clientId = issuer ?? (query || header)
      if (clientId === undefined || clientId === '') {
        throw /^Bearer /i.test(authorization ?? '') ? invalidAccessToken() : missingClientId()
      }
      if (!known.has(clientId)) throw unknownClientId(clientId)
      return clientId
    },
  }
}
