/** Flat, as public clients of the API meet them. */
export type FaultArguments = Record<string, string>

/**
 * A refusal that the client is told. Names and statuses are the vendor's (OCAPI documentation: exceptions); where
 * none is documented the choice is noted. Messages never repeat a secret.
 */
export class Fault extends Error {
  readonly status: number
  readonly type: string
  readonly arguments: FaultArguments
  /** For the response header `Allow` of a 405. */
  readonly allow: string | undefined

  constructor(status: number, type: string, message: string, args: FaultArguments = {}, allow?: string) {
    super(message)
    this.name = 'Fault'
    this.status = status
    this.type = type
    this.arguments = args
    this.allow = allow
  }
}

/** One fault for every failed login or session, so that none tells whether a login exists or a customer is locked. */
export const authenticationFailed = () =>
  new Fault(401, 'AuthenticationFailedException', 'Unauthorized request! Authentication failed.')

export const missingClientId = () =>
  new Fault(400, 'MissingClientIdException', 'Client id is missing in the request.')

export const unknownClientId = (clientId: string) =>
  new Fault(401, 'UnknownClientIdException', 'The client id is unknown.', { clientId: clip(clientId) })

/** Choice: also where no Authorization header was sent. */
export const invalidAuthorizationHeader = () =>
  new Fault(
    401,
    'InvalidAuthorizationHeaderException',
    "Unauthorized request! The Authorization header is not of the form 'Bearer {access_token}'.",
  )

export const invalidAccessToken = () =>
  new Fault(401, 'InvalidAccessTokenException', 'Unauthorized request! The access token is invalid.')

export const expiredToken = () =>
  new Fault(401, 'ExpiredTokenException', 'Unauthorized request! The access token has expired.')

export const customerNotFound = (customerId: string) =>
  new Fault(404, 'CustomerNotFoundException', 'No customer with this id was found.', {
    customerId: clip(customerId),
  })

/** Choice: the argument `body` stays empty, since a body may hold a secret. */
export const bodyDecoding = () =>
  new Fault(400, 'BodyDecodingException', 'The request document could not be decoded.', { body: '' })

export const unknownProperty = (property: string) =>
  new Fault(400, 'UnknownPropertyException', 'The request document has an unknown property.', {
    property: clip(property),
    document: 'auth_request',
  })

export const propertyConstraint = (path: string) =>
  new Fault(400, 'PropertyConstraintViolationException', 'A property of the request document is required.', {
    document: 'auth_request',
    path,
  })

export const propertyType = (path: string, expectedTypes: string, actualType: string) =>
  new Fault(400, 'TypeDecodingException', 'A property of the request document has the wrong type.', {
    path,
    expectedTypes,
    actualType,
  })

export const enumConstraint = (enumValue: string) =>
  new Fault(400, 'EnumConstraintViolationException', 'Invalid enum value provided.', {
    document: 'auth_request',
    enumValue: clip(enumValue),
  })

export const malformedMediaType = (mediaType: string) =>
  new Fault(400, 'MalformedMediaTypeException', 'The media type in the Content-Type header is malformed.', {
    mediaType: clip(mediaType),
  })

/** The vendor takes XML too; this provider speaks JSON only. */
export const unsupportedContentType = (contentType: string) =>
  new Fault(
    415,
    'UnsupportedContentTypeException',
    'The media type in the Content-Type header is unsupported.',
    {
      contentType: clip(contentType),
    },
  )

export const requestTooLarge = () =>
  new Fault(413, 'RequestEntityTooLargeException', 'The request body is too large.')

export const invalidVersion = () =>
  new Fault(400, 'InvalidVersionException', 'The version is missing or malformed in the request URL.')

export const versionNotFound = (version: string) =>
  new Fault(404, 'VersionNotFoundException', 'The version in the request URL is unknown.', {
    version: clip(version),
  })

export const unknownSite = (siteId: string) =>
  new Fault(404, 'UnknownSiteException', 'No site was found for the site id.', { siteId: clip(siteId) })

export const notFound = (path: string) =>
  new Fault(404, 'NotFoundException', 'Unknown resource. Please provide a valid resource.', {
    path: clip(path),
  })

export const methodNotAllowed = (method: string, allow: string) =>
  new Fault(405, 'MethodNotAllowedException', 'The HTTP method is not allowed.', { method }, allow)

/** Choice: the request is no HTTP that can be read; the vendor documents no name for it. */
export const malformedRequest = (status: number) =>
  new Fault(status, 'MalformedParameterException', 'The HTTP request is malformed.')

/** What comes back of a client's own words is bounded. */
function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
