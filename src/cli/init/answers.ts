import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { configSchema } from '../../config/schema.ts'
import { HarnessError } from '../../verdict/errors.ts'
import type { SharedOptions } from '../options.ts'
import type { Answers } from './files.ts'

/** Asks a person; absent where there is none to ask. */
export type Ask = ((question: string, fallback: string) => Promise<string>) | undefined

/** At a terminal, asks there; the answer may be empty, which takes what is in brackets. */
export function terminalAsk(): { ask: Ask; close(): void } {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true || process.env.CI)
    return { ask: undefined, close() {} }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  return {
    ask: async (question, fallback) =>
      (await lines.question(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `)).trim() || fallback,
    close: () => lines.close(),
  }
}

/** Asks only what neither an option nor the checkout says. */
export async function gatherAnswers(options: SharedOptions, cwd: string, ask: Ask): Promise<Answers> {
  const { target: defaults } = configSchema.parse({})
  const given = async (value: string | undefined, question: string, fallback: string) =>
    value ?? (ask === undefined ? fallback : await ask(question, fallback))
  const target = await given(
    options.target,
    'URL of the target: scheme, host and port (empty: the embedded provider for now)',
    '',
  )
  const statesUrl =
    target === '' ? '' : await given(options.statesUrl, 'its provider states URL (empty: it has none)', '')
  const own = target !== ''
  const answers = {
    site: own ? await given(options.site, 'site id', defaults.siteId) : (options.site ?? defaults.siteId),
    apiVersion: own
      ? await given(options.apiVersion, 'API version', defaults.apiVersion)
      : (options.apiVersion ?? defaults.apiVersion),
    clientId: own
      ? await given(options.clientId, 'client id', defaults.clientId)
      : (options.clientId ?? defaults.clientId),
    ci: findCi(cwd),
    ...(target !== '' && { target }),
    ...(statesUrl !== '' && { statesUrl }),
  }
  checkAnswers(answers)
  return answers
}

/** What would be refused when it is read must not be written. */
function checkAnswers({ target, statesUrl, site, apiVersion, clientId }: Answers): void {
  const parsed = configSchema.safeParse({
    target: { baseUrl: target, statesUrl, siteId: site, apiVersion, clientId },
  })
  if (parsed.success) return
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new HarnessError('CONFIG', 'CONFIG_INVALID', problems.join('\n'))
}

function findCi(cwd: string): Answers['ci'] {
  if (existsSync(join(cwd, '.gitlab-ci.yml'))) return 'gitlab'
  if (existsSync(join(cwd, '.github'))) return 'github'
  try {
    const remotes = execFileSync('git', ['remote', '-v'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return remotes.includes('gitlab') ? 'gitlab' : remotes.includes('github.com') ? 'github' : 'none'
  } catch {
    return 'none'
  }
}
