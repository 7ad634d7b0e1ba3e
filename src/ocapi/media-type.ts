/**
 * The media type of a `Content-Type` header, in lower case and without parameters: types are case-insensitive
 * (RFC 9110, 8.3.1).
 * @returns an empty text where there is no header
 */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** `application/json` or `application/…+json`, with any parameters or none. */
export function isJson(contentType: string | undefined): boolean {
  return /^application\/(?:[\w.-]+\+)?json$/.test(mediaTypeOf(contentType))
}
