import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Makes the folder of a new run: `<outDir>/20261124-025138-gate`, with a number behind where runs of one second meet.
 * @returns the run's id, and its folder as an absolute path
 */
export function createRunDir(outDir: string, command: string, now: Date): { id: string; runDir: string } {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  mkdirSync(outDir, { recursive: true })
  for (let attempt = 1; ; attempt++) {
    const id = `${stamp}-${command}${attempt === 1 ? '' : `-${attempt}`}`
    const runDir = resolve(join(outDir, id))
    try {
      mkdirSync(runDir)
      return { id, runDir }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
