import { enableCompileCache } from 'node:module'

// Before anything else is imported: a second start then reads neither types nor sources again.
enableCompileCache()
const { fail } = await import('./fail.ts')
try {
  const { createProgram } = await import('./program.ts')
  await createProgram().parseAsync(process.argv)
} catch (error) {
  fail(error, { json: process.argv.includes('--json') })
}
