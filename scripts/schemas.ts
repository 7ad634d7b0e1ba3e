import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { configJsonSchema } from '../src/config/json-schema.ts'
import { packageRoot } from '../src/verdict/package-root.ts'
import { runResultSchema } from '../src/verdict/run-result.ts'

/** The schemas that the package publishes, by file name; each is made from the zod schema that the sources use. */
export const PUBLISHED_SCHEMAS: Readonly<Record<string, object>> = {
  'config.schema.json': { title: 'auth-harness configuration', ...configJsonSchema() },
  'run-result.schema.json': { title: 'auth-harness run result', ...z.toJSONSchema(runResultSchema) },
}

/** As it stands in the file. */
export function schemaText(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = join(packageRoot, 'schema')
  mkdirSync(folder, { recursive: true })
  for (const [name, schema] of Object.entries(PUBLISHED_SCHEMAS))
    writeFileSync(join(folder, name), schemaText(schema))
}
