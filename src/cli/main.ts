import { fail } from './fail.ts'
import { createProgram } from './program.ts'

try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  fail(error, { json: process.argv.includes('--json') })
}
