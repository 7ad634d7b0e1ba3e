import { isLoopback } from '../../target/guard/load-guard.ts'

export const CONFIG_FILE = 'auth-harness.config.ts'

export const CI_SYSTEMS = ['github', 'gitlab', 'none'] as const

/** What `init` was told, or found out. */
export interface Answers {
  /** Absent: the embedded provider, until the user fills it in. */
  readonly target?: string
  readonly statesUrl?: string
  readonly site: string
  readonly apiVersion: string
  readonly clientId: string
  readonly ci: (typeof CI_SYSTEMS)[number]
}

export interface NewFile {
  /** Relative to the user's project. */
  readonly path: string
  readonly content: string
}

/** What `init` writes. Nothing secret is in it: accounts stay out of git, credentials in the environment. */
export function filesFor(answers: Answers): NewFile[] {
  const files = [
    { path: CONFIG_FILE, content: configFile(answers) },
    { path: 'accounts.csv', content: ACCOUNTS },
  ]
  if (answers.ci === 'github')
    files.push({ path: '.github/workflows/auth-harness.yml', content: githubWorkflow(answers) })
  if (answers.ci === 'gitlab') files.push({ path: '.gitlab/auth-harness.yml', content: GITLAB })
  return files
}

function configFile({ target, statesUrl, site, apiVersion, clientId }: Answers): string {
  const line = (key: string, value: string | undefined, example: string) =>
    value === undefined ? `    // ${key}: '${example}',` : `    ${key}: ${literal(value)},`
  return `import { defineConfig } from 'auth-harness'

// Every key, its default and its environment variable: node_modules/auth-harness/docs/reference.md
export default defineConfig({
  target: {
    // With a path, where a proxy stands before the shop. Without it, the embedded reference provider is tested.
${line('baseUrl', target, 'https://sandbox.example.com')}
    siteId: ${literal(site)},
    apiVersion: ${literal(apiVersion)},
    clientId: ${literal(clientId)},
    // Where the target is put into provider states. A real sandbox has none: then accounts.csv serves.
${line('statesUrl', statesUrl, 'https://sandbox.example.com/_states')}
    // Load is sent to loopback only, and to hosts that are listed here by exact name.
    loadAllowedHosts: [],
  },
${stagesLine(target)}  token: {
    lifetimeSeconds: 1800,
    // A client cannot verify a real token's signature. With a key: { secretEnv: 'NAME', algorithms: ['HS256'] }.
    verification: 'opaque',
  },
  // As set for the customer list in Business Manager.
  lockout: { maxAttempts: 5, periodSeconds: 1800 },
  // Customers that exist on the target; git ignores the file. lockable marks those that a check may lock.
  ${target !== undefined && statesUrl === undefined ? '' : '// '}accounts: { file: 'accounts.csv' },
  // What is known to be broken, with a reason: it does not fail the gate until it no longer fails.
  // knownFailures: [{ clause: 'SESS-4', reason: 'ticket 123' }],
})
`
}

/** What stands on another machine is not loaded unless its owner says so: a gate that began with load would end with 2. */
function stagesLine(target: string | undefined): string {
  if (target === undefined || !URL.canParse(target) || isLoopback(new URL(target).hostname)) return ''
  return `  // A sandbox must not be loaded. Where you may, add 'load' here and the host to loadAllowedHosts.
  gate: { stages: ['contract', 'verify', 'check'] },
`
}

/** A string in the source, in single quotes as the rest of the file. */
function literal(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

const ACCOUNTS = 'login,password,customerId,lockable\n'

/** Nothing here may run on the embedded provider: that gate would be green whatever the deployment does. */
const GATE = 'npx auth-harness gate --require-target'

/** An empty variable is refused, so the workflow names only those that the configuration leaves open. */
function githubWorkflow({ target, statesUrl }: Answers): string {
  const variables = [
    ...(target === undefined ? [variableFrom('vars', 'AUTH_HARNESS_TARGET')] : []),
    ...(target !== undefined && statesUrl === undefined
      ? [variableFrom('secrets', 'AUTH_HARNESS_ACCOUNTS')]
      : []),
  ]
  const env =
    variables.length === 0 ? '' : `\n        env:\n${variables.map((line) => `          ${line}`).join('\n')}`
  return GITHUB.replace('GATE', () => `${GATE}${env}`)
}

function variableFrom(context: 'vars' | 'secrets', name: string): string {
  return `${name}: \${{ ${context}.${name} }}`
}

const GITHUB = `name: auth-harness
on: [pull_request]
permissions:
  contents: read
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      # Plain git: nothing of a third party runs with your token.
      - run: |
          git init --quiet .
          git fetch --quiet --depth 1 "https://x-access-token:\${TOKEN}@\${GITHUB_SERVER_URL#https://}/\${GITHUB_REPOSITORY}" "\${GITHUB_SHA}"
          git checkout --quiet FETCH_HEAD
        env:
          TOKEN: \${{ github.token }}
      # Node 22.19 or later; on an older runner, npm install --save-dev node@24 in your project brings one.
      - run: npm ci
      - run: GATE
      # v5.0.0
      - uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4
        if: always()
        with:
          name: auth-harness-reports
          path: reports
`

const GITLAB = `# include this from .gitlab-ci.yml:  include: { local: .gitlab/auth-harness.yml }
auth-harness:
  image: node:24
  script:
    - npm ci
    # AUTH_HARNESS_TARGET and AUTH_HARNESS_ACCOUNTS: CI/CD variables of the project, where the configuration has none.
    - ${GATE}
  artifacts:
    when: always
    paths: [reports/]
    reports:
      junit: reports/*/junit.xml
`
