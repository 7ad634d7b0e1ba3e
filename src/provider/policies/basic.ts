export interface Credentials {
  login: string
  password: string
}

/** The credentials of a Basic header (RFC 7617); undefined if it is missing or malformed in any way. */
export function readBasic(authorization: string | undefined): Credentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64')
  if (decoded.toString('base64') !== encoded) return undefined
  const text = decoded.toString()
  const colon = text.indexOf(':')
  return colon < 1 ? undefined : { login: text.slice(0, colon), password: text.slice(colon + 1) }
}

export function writeBasic({ login, password }: Credentials): string {
  return Buffer.from(`${login}:${password}`).toString('base64')
}
