import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { HarnessError } from '../verdict/errors.ts'

/** What is being built, as the broker should know it. */
interface BuildIdentity {
  /** The commit, in full. */
  version: string | undefined
  branch: string | undefined
  /** The page of the CI run. */
  buildUrl: string | undefined
}

/**
 * What was given on the command line, and for the rest that of the checkout at `cwd` and the CI run around it. A CI
 * checks out a commit and no branch, so the branch comes from its variables first: GitHub Actions, GitLab, Jenkins;
 * any other by GIT_BRANCH.
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
  return {
    version: firstOf(given.version, commit, env.GITHUB_SHA, env.CI_COMMIT_SHA, env.GIT_COMMIT),
    branch: firstOf(given.branch, branchOfCi(env), branch),
    buildUrl: firstOf(given.buildUrl, buildUrlOf(env)),
  }
}

function branchOfCi(env: NodeJS.ProcessEnv): string | undefined {
  return firstOf(
    // Of a pull request the ref is refs/pull/…; its own branch is the head.
    env.GITHUB_HEAD_REF,
    env.GITHUB_REF_TYPE === 'branch' && !env.GITHUB_REF?.startsWith('refs/pull/')
      ? env.GITHUB_REF_NAME
      : undefined,
    env.CI_MERGE_REQUEST_SOURCE_BRANCH_NAME,
    env.CI_COMMIT_BRANCH,
    env.BRANCH_NAME,
    env.GIT_BRANCH?.replace(/^origin\//, ''),
  )
}

function buildUrlOf(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = env
  return GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID
    ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
    : firstOf(env.CI_JOB_URL, env.BUILD_URL)
}

function firstOf(...values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '')
}

async function git(cwd: string, ...args: string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('git', args, { cwd })).stdout.trim() || undefined
  } catch {
    return undefined
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
    'This is no git checkout, so the version is not known.',
    {
      remedy: `Give ${versionOption}; the commit in full is best.`,
    },
  )
}
