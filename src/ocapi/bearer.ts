/**
 * The token of an `Authorization: Bearer <token>` header, without the scheme, which is case-insensitive (RFC 9110,
 * 11.1); the characters of a token are those of RFC 6750, 2.1.
 * @param authorization the value of the header
 * @returns undefined where there is none, where there are two, and for another scheme
 */
export function readBearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^Bearer +([\w\-.~+/]+=*)$/i.exec(authorization)?.[1]
}
