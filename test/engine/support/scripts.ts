import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const folders: string[] = []

/** Writes files into a folder of their own, which is removed after the test file; gives the folder. */
export function writeFiles(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Writes one script; gives its path. */
export function writeScript(text: string): string {
  return join(writeFiles({ 'script.ts': text }), 'script.ts')
}

after(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
