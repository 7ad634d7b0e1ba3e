import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { runToEnd } from './run-to-end.ts'

/**
 * The gems of a Pact Broker, every one pinned: left to resolve freely, json 3 makes publishing answer 400 and
 * dry-schema 1.14 does not parse on Ruby 3.1. One `name:version` a line.
 */
const gems = readFileSync(new URL('gems.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')

/** Installs with a C extension that links Debian's own library, which is faster by minutes than bringing its own. */
const SQLITE = /^sqlite3:/

/** What a machine needs before {@link installGems}; named in every message that says the broker is missing. */
export const DEBIAN_PACKAGES =
  'ruby ruby-dev build-essential pkg-config libyaml-dev libsqlite3-dev libxml2-dev libxslt1-dev'

/**
 * Where the gems are, or would be: a folder of the user's cache named after the list and the Ruby that compiled
 * its extensions, so that a changed pin or another Ruby never meets old files.
 * @throws {Error} there is no Ruby on this machine
 */
export async function gemHome(): Promise<string> {
  const ruby = await runToEnd('ruby', ['-e', 'print RUBY_VERSION, RUBY_PLATFORM'], process.env)
  const hash = createHash('sha256')
    .update(JSON.stringify([ruby, gems]))
    .digest('hex')
    .slice(0, 16)
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'auth-harness', `broker-gems-${hash}`)
}

/** True if {@link installGems} has nothing to do. */
export async function gemsAreInstalled(): Promise<boolean> {
  try {
    return existsSync(await gemHome())
  } catch {
    return false
  }
}

/**
 * Installs the gems, if they are not there: about 75 s the first time. No Gemfile, since its source line would
 * name a registry; `--platform ruby`, since RubyGems on Debian picks builds for musl that do not load.
 * @returns the folder, for GEM_HOME
 * @throws {Error} with the end of what `gem` said
 */
export async function installGems(): Promise<string> {
  const home = await gemHome()
  if (existsSync(home)) {
    return home
  }
  // Into a folder of this process, renamed when complete: a run that was cut short leaves nothing that looks done.
  const unfinished = `${home}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  try {
    const env = {
      ...process.env,
      GEM_HOME: unfinished,
      GEM_PATH: unfinished,
      MAKEFLAGS: '-j2',
      NOKOGIRI_USE_SYSTEM_LIBRARIES: '1',
    }
    const install = ['install', '--no-document', '--ignore-dependencies', '--platform', 'ruby']
    await runToEnd('gem', [...install, ...gems.filter((gem) => !SQLITE.test(gem))], env)
    const sqlite = gems.filter((gem) => SQLITE.test(gem))
    await runToEnd('gem', [...install, ...sqlite, '--', '--enable-system-libraries'], env)
    publishFolder(unfinished, home)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  return home
}

/** Another process may have been faster; its folder is as good. */
function publishFolder(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) {
      throw error
    }
  }
}
