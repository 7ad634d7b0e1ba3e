import { type AuthenticationPolicies, customerOf } from './authentication.ts'
import type { Bearers } from './bearers.ts'
import { customerNotFound } from './fault.ts'
import { visitOf } from './identifiers.ts'
import type { CustomerDocument } from './profiles.ts'
import type { Sessions, ShopSession } from './sessions.ts'

/** What a token opens (clauses USE-1 to USE-4). Each throws a {@link Fault} when it refuses. */
export interface Access {
  readCustomer(
    authorization: string | undefined,
    customerId: string,
  ): CustomerDocument | Promise<CustomerDocument>
  /**
   * The session bridge. The vendor's secure token counts as used only after an HTTPS request of the storefront;
   * there is no storefront here, so a session that the bridge opens counts as used.
   */
  openSession(authorization: string | undefined): ShopSession
  /** From now on the token is refused. */
  endToken(authorization: string | undefined): void
}

export interface AccessPolicies extends Pick<AuthenticationPolicies, 'customers' | 'profiles'> {
  bearers: Bearers
  sessions: Sessions
}

export function createAccess(policies: AccessPolicies): Access {
  const { bearers, sessions } = policies
  return {
    readCustomer(authorization, customerId) {
      const claims = bearers.verify(authorization)
      // Another's customer is as absent as one that does not exist (choice).
      if (claims.customerId !== customerId) throw customerNotFound(customerId)
      return customerOf(policies, claims, claims.visitId)
    },
    openSession(authorization) {
      const { customerId, guest, visitId } = bearers.verify(authorization)
      return sessions.open({ customerId, guest, visit: visitOf(visitId) })
    },
    endToken(authorization) {
      bearers.revoke(bearers.verify(authorization))
    },
  }
}
