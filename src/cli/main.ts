import { enableCompileCache } from 'node:module'

// Before anything else is imported: a second start then strips no types and compiles nothing again. The processes that
// a run starts take it over.
const { directory } = enableCompileCache()
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
// Whoever reads may stop, as head does: the run goes on to its verdict and its reports.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
const json = process.argv.includes('--json')
const { guardOutput } = await import('./runner-commands.ts')
guardOutput(json)
const { fail } = await import('./fail.ts')
try {
  const { createProgram } = await import('./program.ts')
  await createProgram().parseAsync(process.argv)
} catch (error) {
  fail(error, { json })
}
