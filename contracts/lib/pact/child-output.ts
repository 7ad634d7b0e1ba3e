import type { ChildProcess } from 'node:child_process'
import { redactText } from '../../../src/verdict/redact.ts'

/** The end of what a process printed, redacted; when it has ended, or could not be started. */
export async function outputOf(child: ChildProcess): Promise<string> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-2000)
    })
  }
  await new Promise<void>((resolve) => {
    child.on('error', () => resolve())
    child.on('close', () => resolve())
  })
  return redactText(output.trim())
}
