/** The document `auth_request`; its one property is mandatory. Credentials travel in headers, never in the body. */
export interface AuthRequest {
  type: 'guest' | 'credentials' | 'session' | 'refresh'
}
