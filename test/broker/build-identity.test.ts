import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { buildIdentity, requireVersion } from '../../src/broker/build-identity.ts'

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
    expect(nothing).to.deep.equal({ version: undefined, branch: undefined, buildUrl: undefined })
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
        GITHUB_REF: 'refs/pull/3/merge',
        GITHUB_REF_TYPE: 'branch',
        GITHUB_REF_NAME: '3/merge',
        GITHUB_HEAD_REF: 'feature',
      },
      { branch: 'feature' },
    ],
    [
      'a tag on GitHub',
      { GITHUB_REF: 'refs/tags/v1', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' },
      { branch: undefined },
    ],
    [
      'a push on GitLab',
      { CI_COMMIT_BRANCH: 'main', CI_JOB_URL: 'https://gitlab.com/j/1' },
      { branch: 'main', buildUrl: 'https://gitlab.com/j/1' },
    ],
    ['a merge request on GitLab', { CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'topic' }, { branch: 'topic' }],
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

  it('takes the commit from the CI where there is no git', async () => {
    expect(await found({ CI_COMMIT_SHA: 'abc' }, tmpdir())).to.include({ version: 'abc' })
  })

  it('is what was given, before all else', async () => {
    const env = { CI_COMMIT_BRANCH: 'main', CI_JOB_URL: 'https://ci/1' }
    const given = { version: '1', branch: 'b', buildUrl: 'https://ci/2' }
    expect(await buildIdentity(given, { env, cwd: folder })).to.deep.equal(given)
    expect(requireVersion(given, '--provider-version')).to.deep.equal(given)
  })
})
