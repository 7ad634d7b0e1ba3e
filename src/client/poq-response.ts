import { readBearer } from '../ocapi/bearer.ts'

/** An answer that the API gave to a call that it accepted. */
export class PoqResponse<T> {
  readonly status: number
  /** Names in any case; `getSetCookie()` gives the `Set-Cookie` lines one by one. */
  readonly headers: Headers
  readonly data: T

  constructor(status: number, headers: Headers, data: T) {
    this.status = status
    this.headers = headers
    this.data = data
  }

  /** The token that the response header `Authorization: Bearer <token>` carries, without the scheme (clause TOKEN-1). */
  get token(): string | undefined {
    return readBearer(this.headers.get('authorization') ?? undefined)
  }
}
