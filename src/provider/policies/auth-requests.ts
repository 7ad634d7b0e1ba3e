import { isUtf8 } from 'node:buffer'
import {
  bodyDecoding,
  enumConstraint,
  malformedMediaType,
  propertyConstraint,
  propertyType,
  unknownProperty,
  unsupportedContentType,
} from './fault.ts'

const AUTH_TYPES = ['guest', 'credentials', 'session', 'refresh'] as const
export type AuthType = (typeof AUTH_TYPES)[number]

/** Reads the document `auth_request` (clause FAULT-2). */
export interface AuthRequests {
  /**
   * @param contentType the request header; absent means JSON, as documented
   * @throws {Fault} 400 or 415
   */
  read(contentType: string | undefined, body: Buffer | undefined): AuthType
}

export function createAuthRequests(): AuthRequests {
  return {
    read(contentType, body) {
      checkMediaType(contentType)
      const document = parseDocument(body)
      for (const property of Object.keys(document)) {
        if (property !== 'type') throw unknownProperty(property)
      }
      const { type } = document
      if (type === undefined || type === null) throw propertyConstraint('type')
      if (typeof type !== 'string') throw propertyType('type', 'String', jsonType(type))
      if (!isAuthType(type)) throw enumConstraint(type)
      return type
    },
  }
}

function checkMediaType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return
  const parts = /^\s*([\w.+-]+\/[\w.+-]+)\s*(?:;\s*charset\s*=\s*"?([\w-]+)"?\s*)?;?\s*$/i.exec(contentType)
  if (parts === null) throw malformedMediaType(contentType)
  const [, mediaType = '', charset = 'utf-8'] = parts
  if (mediaType.toLowerCase() !== 'application/json' || !/^utf-?8$/i.test(charset)) {
    throw unsupportedContentType(contentType)
  }
}

function parseDocument(body: Buffer | undefined): Record<string, unknown> {
  if (body === undefined || !isUtf8(body)) throw bodyDecoding()
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch {
    throw bodyDecoding()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bodyDecoding()
  return { ...value }
}

function isAuthType(type: string): type is AuthType {
  return (AUTH_TYPES as readonly string[]).includes(type)
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'Array'
  const name = typeof value
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
