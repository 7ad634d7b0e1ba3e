import { isCustomer } from './customer.ts'
import { isObject, parsedJson } from './json.ts'
import { mediaTypeOf } from './media-type.ts'

/** What of an HTTP response says what the API made of a request. */
export interface ApiResponse {
  /** 0 where no response came. */
  readonly status: number
  readonly contentType: string | undefined
  /** The value of the header `Authorization`. */
  readonly authorization: string | undefined
  /** All of them, names in any case. */
  readonly headers: Iterable<readonly [name: string, value: string]>
  /** Decoded text. */
  readonly body: string
}

/**
 * Whether a response is the API's own: a customer or a fault document, or the empty 204 of `POST /sessions`. A
 * maintenance page, a gateway's 502, a firewall's 403, a login page and a redirect are not; they say nothing of the
 * API, whatever their status. A document with a wrong media type is the API's, and wrong.
 */
export function isOfTheApi({ status, body }: Pick<ApiResponse, 'status' | 'body'>): boolean {
  if (status === 204) return body === ''
  const document = parsedJson(body)
  return isCustomer(document) || (isObject(document) && isObject(document.fault))
}

/** Ends every text that tells of a response that is not the API's. */
export const NO_DOCUMENT = 'no document of the API'

/**
 * What a response that is not the API's looks like, such as `503 text/html`: enough to count by, and no secret.
 * @returns at most 60 characters
 */
export function kindOf({
  status,
  contentType,
  body,
}: Omit<ApiResponse, 'authorization' | 'headers'>): string {
  const type = mediaTypeOf(contentType)
  const known = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type.slice(0, 50) : ''
  return `${status} ${body === '' ? 'without a body' : known || 'without a media type'}`
}
