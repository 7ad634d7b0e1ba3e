import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Runs a program and gives its standard output.
 * @throws {Error} it could not be started, or ended with another code than 0; the message holds the end of its output
 */
export async function runToEnd(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { env, maxBuffer: 64 * 1024 * 1024 })).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n')
    throw new Error(`${program} ${args[0]} failed: ${said || (error as Error).message}`, { cause: error })
  }
}
