import { z } from 'zod'
import { configSchema } from './schema.ts'

/** The part of JSON Schema that the configuration's schema uses. */
export interface JsonSchemaNode {
  properties?: Record<string, JsonSchemaNode>
  items?: JsonSchemaNode
  anyOf?: JsonSchemaNode[]
}

/** JSON Schema (2020-12) of the configuration as a user writes it. */
export function configJsonSchema(): JsonSchemaNode {
  return z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchemaNode
}
