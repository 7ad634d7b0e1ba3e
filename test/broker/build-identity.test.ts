import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { branchWarning, buildIdentity, requireVersion } from '../../src/broker/build-identity.ts'

describe('what is being built', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'auth-harness-git-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()

  const found = (env: NodeJS.ProcessEnv, cwd = folder) => buildIdentity({}, { env, cwd })

  it('is nothing outside a checkout and a CI, and the version must then be given', async () => {
    const nothing = await found({})
    expect(nothing).to.include({ version: undefined, branch: undefined, buildUrl: undefined })
    expect(nothing.gitProblem).to.match(/not a git repository/)
    expect(() => requireVersion(nothing, '--provider-version'))
      .to.throw('not known')
      .that.includes({
        kind: 'CONFIG',
        code: 'VERSION_MISSING',
        remedy: 'Give --provider-version; the commit in full is best.',
      })
  })

  it('is the commit and the branch of the checkout', async () => {
    git('init', '--quiet', '--initial-branch=feature/x')
    git('commit', '--quiet', '--allow-empty', '--message=first')
    const commit = git('rev-parse', 'HEAD')
    expect(await found({})).to.include({ version: commit, branch: 'feature/x' })
    git('checkout', '--quiet', '--detach')
    expect(await found({})).to.deep.equal({
      version: commit,
      branch: undefined,
      buildUrl: undefined,
    })
  })

  for (const [what, env, expected] of [
    [
      'a push on GitHub',
      {
        GITHUB_ACTIONS: 'true',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'a/b',
        GITHUB_RUN_ID: '7',
        GITHUB_REF: 'refs/heads/main',
        GITHUB_REF_TYPE: 'branch',
        GITHUB_REF_NAME: 'main',
        GITHUB_HEAD_REF: '',
      },
      { branch: 'main', buildUrl: 'https://github.com/a/b/actions/runs/7' },
    ],
    [
      'a pull request on GitHub',
      {
        GITHUB_ACTIONS: 'true',
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_REF: 'refs/pull/3/merge',
        GITHUB_REF_TYPE: 'branch',
        GITHUB_REF_NAME: '3/merge',
        GITHUB_HEAD_REF: 'feature',
      },
      { branch: 'feature' },
    ],
    [
      'a tag on GitHub',
      { GITHUB_ACTIONS: 'true', GITHUB_REF: 'refs/tags/v1', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' },
      { branch: undefined },
    ],
    [
      'a push on GitLab',
      { GITLAB_CI: 'true', CI_COMMIT_REF_NAME: 'main', CI_JOB_URL: 'https://gitlab.com/j/1' },
      { branch: 'main', buildUrl: 'https://gitlab.com/j/1' },
    ],
    [
      'a merge request on GitLab',
      {
        GITLAB_CI: 'true',
        CI_MERGE_REQUEST_ID: '1',
        CI_COMMIT_REF_NAME: 'topic',
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'topic',
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      },
      { branch: 'topic' },
    ],
    [
      'a tag on GitLab',
      { GITLAB_CI: 'true', CI_COMMIT_REF_NAME: 'v1', CI_COMMIT_TAG: 'v1' },
      { branch: undefined },
    ],
    [
      'a pull request on Jenkins',
      {
        JENKINS_URL: 'https://ci',
        CHANGE_ID: '12',
        BRANCH_NAME: 'PR-12',
        GIT_BRANCH: 'PR-12',
        CHANGE_BRANCH: 'feature/login',
        CHANGE_TARGET: 'main',
        BUILD_URL: 'https://ci/12',
      },
      { branch: 'feature/login', buildUrl: 'https://ci/12' },
    ],
    [
      'a pull request on Jenkins that does not tell its branch',
      { JENKINS_URL: 'https://ci', CHANGE_ID: '12', BRANCH_NAME: 'PR-12' },
      { branch: undefined },
    ],
    [
      'CircleCI',
      { CIRCLECI: 'true', CIRCLE_BRANCH: 'main', CIRCLE_BUILD_URL: 'https://circleci.com/1' },
      { branch: 'main', buildUrl: 'https://circleci.com/1' },
    ],
    [
      'a pull request on CircleCI',
      { CIRCLECI: 'true', CIRCLE_BRANCH: 'topic', CIRCLE_PULL_REQUEST: 'https://github.com/a/b/pull/3' },
      { branch: 'topic' },
    ],
    [
      'Azure Pipelines',
      {
        BUILD_BUILDURI: 'vstfs:///1',
        BUILD_BUILDID: '7',
        BUILD_SOURCEBRANCH: 'refs/heads/feature/x',
        SYSTEM_TEAMFOUNDATIONSERVERURI: 'https://dev.azure.com/org/',
        SYSTEM_TEAMPROJECT: 'our shop',
      },
      { branch: 'feature/x', buildUrl: 'https://dev.azure.com/org/our%20shop/_build/results?buildId=7' },
    ],
    [
      'a pull request on Azure Pipelines',
      {
        BUILD_BUILDURI: 'vstfs:///1',
        BUILD_SOURCEBRANCH: 'refs/pull/3/merge',
        SYSTEM_PULLREQUEST_PULLREQUESTID: '3',
        SYSTEM_PULLREQUEST_SOURCEBRANCH: 'refs/heads/topic',
        SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
      },
      { branch: 'topic' },
    ],
    [
      'Bitbucket',
      { BITBUCKET_BUILD_NUMBER: '7', BITBUCKET_BRANCH: 'main', BITBUCKET_REPO_FULL_NAME: 'a/b' },
      { branch: 'main', buildUrl: 'https://bitbucket.org/a/b/addon/pipelines/home#!/results/7' },
    ],
    [
      'a pull request on Buildkite',
      {
        BUILDKITE: 'true',
        BUILDKITE_BRANCH: 'topic',
        BUILDKITE_PULL_REQUEST: '3',
        BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main',
        BUILDKITE_BUILD_URL: 'https://buildkite.com/1',
      },
      { branch: 'topic', buildUrl: 'https://buildkite.com/1' },
    ],
    [
      'Jenkins',
      { GIT_BRANCH: 'origin/main', BUILD_URL: 'https://ci/1' },
      { branch: 'main', buildUrl: 'https://ci/1' },
    ],
  ] as const) {
    it(`is named by ${what}`, async () => {
      expect(await found(env)).to.include(expected)
    })
  }

  it("tells git's own reason", async () => {
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1'
    try {
      const identity = await found({})
      expect(() => requireVersion(identity, '--consumer-app-version')).to.throw('dubious ownership')
    } finally {
      delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER
    }
  })

  it('warns where no branch is known, by the option that gives it', () => {
    expect(branchWarning({ branch: undefined })).to.match(/no branch was found.*mainBranch.*--branch$/)
    expect(branchWarning({ branch: 'main' })).to.equal(undefined)
  })

  it('takes the commit from the CI where there is no git', async () => {
    expect(await found({ GITLAB_CI: 'true', CI_COMMIT_SHA: 'abc' }, tmpdir())).to.include({ version: 'abc' })
  })

  it('is what was given, before all else', async () => {
    const env = { GITLAB_CI: 'true', CI_COMMIT_REF_NAME: 'main', CI_JOB_URL: 'https://ci/1' }
    const given = { version: '1', branch: 'b', buildUrl: 'https://ci/2' }
    expect(await buildIdentity(given, { env, cwd: folder })).to.deep.equal(given)
    expect(requireVersion(given, '--provider-version')).to.deep.equal(given)
  })
})
