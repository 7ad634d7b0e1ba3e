import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import envCi from 'env-ci'
import { HarnessError } from '../verdict/errors.ts'
import { redactText } from '../verdict/redact.ts'

/** What is being built, as the broker should know it. */
interface BuildIdentity {
  /** The commit, in full. */
  version: string | undefined
  branch: string | undefined
  /** The page of the CI run. */
  buildUrl: string | undefined
  /** Why git did not tell the commit, in its own words. */
  gitProblem?: string
}

/**
 * What was given on the command line, and for the rest that of the checkout at `cwd` and the CI run around it. A CI
 * checks out a commit and no branch, so the branch comes from its variables first.
 */
export async function buildIdentity(
  given: Partial<BuildIdentity>,
  {
    env = process.env,
    cwd = process.cwd(),
  }: { env?: NodeJS.ProcessEnv | undefined; cwd?: string | undefined } = {},
): Promise<BuildIdentity> {
  const [commit, branch] = await Promise.all([
    git(cwd, 'rev-parse', 'HEAD'),
    git(cwd, 'symbolic-ref', '--quiet', '--short', 'HEAD'),
  ])
  const ci = envCi({ env, cwd })
  const problem = 'problem' in commit ? commit.problem : undefined
  return {
    version: firstOf(given.version, 'text' in commit ? commit.text : undefined, ci.commit, env.GIT_COMMIT),
    branch: firstOf(
      given.branch,
      ...branchesOfCi(ci, env),
      'text' in branch ? branch.text : undefined,
      ci.isCi ? undefined : branchName(ci.branch, undefined),
    ),
    buildUrl: firstOf(given.buildUrl, buildUrlOf(ci, env)),
    ...(problem !== undefined && { gitProblem: problem }),
  }
}

/** Where a service tells the branch of a pull request elsewhere than env-ci looks, that goes before. */
function branchesOfCi(ci: ReturnType<typeof envCi>, env: NodeJS.ProcessEnv): (string | undefined)[] {
  const own = ci.isCi ? (ci.isPr ? ci.prBranch : ci.branch) : undefined
  return [env.GITHUB_HEAD_REF, env.CHANGE_BRANCH, own, env.GIT_BRANCH].map((name) => branchName(name, ci.tag))
}

/** A ref as a branch's name; what names a pull request, a tag or a commit is none. */
function branchName(ref: string | undefined, tag: string | undefined): string | undefined {
  const name = ref?.replace(/^refs\/heads\//, '').replace(/^(?:refs\/remotes\/)?origin\//, '')
  if (name === undefined || name === tag) return undefined
  return /^(?:refs\/|HEAD$|PR-\d+$|\d+\/merge$)/.test(name) ? undefined : name
}

function buildUrlOf(ci: ReturnType<typeof envCi>, env: NodeJS.ProcessEnv): string | undefined {
  const { SYSTEM_TEAMFOUNDATIONSERVERURI, SYSTEM_TEAMPROJECT, BUILD_BUILDID } = env
  const ofAzure =
    SYSTEM_TEAMFOUNDATIONSERVERURI && SYSTEM_TEAMPROJECT && BUILD_BUILDID
      ? `${SYSTEM_TEAMFOUNDATIONSERVERURI}${encodeURIComponent(SYSTEM_TEAMPROJECT)}/_build/results?buildId=${BUILD_BUILDID}`
      : undefined
  // env-ci writes "undefined" into an address where a variable is missing.
  const found = [env.CI_JOB_URL, ci.jobUrl, ci.buildUrl, ofAzure, env.BUILD_URL]
  return firstOf(...found.filter((url) => !url?.includes('undefined')))
}

function firstOf(...values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '')
}

/** @returns what git printed, or why it printed nothing, in its own words */
async function git(cwd: string, ...args: string[]): Promise<{ text: string } | { problem: string }> {
  try {
    const text = (await promisify(execFile)('git', args, { cwd })).stdout.trim()
    return text === '' ? { problem: 'git printed nothing' } : { text }
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string }
    return { problem: stderr.trim().split('\n')[0] || message }
  }
}

/** A version that the broker can be told of. */
export type KnownIdentity = BuildIdentity & { version: string }

/**
 * @param versionOption the option that gives the version, for the message
 * @throws {HarnessError} CONFIG VERSION_MISSING: neither given nor to be found out
 */
export function requireVersion(
  identity: BuildIdentity,
  versionOption: '--consumer-app-version' | '--provider-version',
): KnownIdentity {
  const { version } = identity
  if (version !== undefined) return { ...identity, version }
  throw new HarnessError(
    'CONFIG',
    'VERSION_MISSING',
    `The version is not known, since git does not tell the commit: ${redactText(identity.gitProblem ?? 'it printed nothing')}`,
    {
      remedy: `Give ${versionOption}; the commit in full is best.`,
    },
  )
}

/**
 * What it means that no branch is known: nothing fails, and the broker then knows less than it should.
 * @returns undefined where one is known
 */
export function branchWarning({ branch }: Pick<BuildIdentity, 'branch'>): string | undefined {
  return branch === undefined
    ? 'warning: no branch was found, so the broker does not know which branch this version is of: selectors such as mainBranch and matchingBranch will not find it, and pacts stay pending; give --branch'
    : undefined
}
