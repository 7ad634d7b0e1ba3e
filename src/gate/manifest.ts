import * as esbuild from 'esbuild'
import { stringify } from 'yaml'
import { isLoopback } from '../target/guard/load-guard.ts'
import { HarnessError } from '../verdict/errors.ts'
import type { Scenario } from './scenarios.ts'

export interface ManifestOptions {
  readonly scenario: Scenario
  /** How many pods share the load: k6-operator gives each one an execution segment of its own. */
  readonly parallelism: number
  /** The script's variables. Those that `secret` names are left out. */
  readonly env: Readonly<Record<string, string>>
  /** A Secret that exists in the namespace, and which of its keys become variables of the same name. */
  readonly secret?: { readonly name: string; readonly keys: readonly string[] }
  /** A Secret that exists in the namespace and holds the accounts file under `key`. */
  readonly accountsSecret?: { readonly name: string; readonly key: string }
  readonly namespace?: string
  /** Of the runners; absent: what the operator defaults to (grafana/k6:latest). */
  readonly image?: string
  /** Each pod on a node of its own; default true, since two on one node load each other. */
  readonly separate?: boolean
}

/** Bytes that a ConfigMap may hold. */
const CONFIG_MAP_LIMIT = 1024 * 1024
const ACCOUNTS_FOLDER = '/accounts'

/**
 * A k6-operator `TestRun`, and the ConfigMap with its script in one file: YAML for `kubectl apply`. Holds no secret:
 * what is secret is referred to.
 * @throws {HarnessError} CONFIG: a value that a pod cannot use, or a script that is too large
 */
export async function testRunManifest(options: ManifestOptions): Promise<string> {
  checkOptions(options)
  const name = resourceName(options.scenario.name)
  const file = `${name}.js`
  const script = await bundleForK6(options.scenario)
  const metadata = { name, ...(options.namespace !== undefined && { namespace: options.namespace }) }
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [file]: script } }
  const testRun = {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata,
    spec: {
      parallelism: options.parallelism,
      separate: options.separate ?? true,
      script: { configMap: { name, file } },
      runner: runner(options),
    },
  }
  return [configMap, testRun].map((resource) => stringify(resource, { lineWidth: 0 })).join('---\n')
}

function runner({ env, parallelism, secret, accountsSecret, image }: ManifestOptions) {
  const { ACCOUNTS: _passwords, ...shown } = env
  const plain = {
    ...shown,
    ...(accountsSecret && { ACCOUNTS_FILE: `${ACCOUNTS_FOLDER}/${accountsSecret.key}` }),
    INSTANCES: String(parallelism),
  }
  const keys = secret?.keys ?? []
  return {
    ...(image !== undefined && { image }),
    env: [
      ...Object.entries(plain)
        .filter(([key]) => !keys.includes(key))
        .map(([key, value]) => ({ name: key, value })),
      ...keys.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: secret?.name, key } } })),
    ],
    ...(accountsSecret && {
      volumes: [{ name: 'accounts', secret: { secretName: accountsSecret.name } }],
      volumeMounts: [{ name: 'accounts', mountPath: ACCOUNTS_FOLDER, readOnly: true }],
    }),
  }
}

/** One file, since a ConfigMap has no folders; the modules of k6 stay imports. */
async function bundleForK6({ name, script }: Scenario): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [script],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    charset: 'utf8',
    external: ['k6'],
    // The checkout's tsconfig is for tsc.
    tsconfigRaw: '{}',
    logLevel: 'silent',
  })
  const text = outputFiles[0]?.text ?? ''
  const bytes = Buffer.byteLength(text)
  if (bytes > CONFIG_MAP_LIMIT) {
    throw new HarnessError(
      'CONFIG',
      'SCRIPT_TOO_LARGE',
      `a ConfigMap holds at most ${CONFIG_MAP_LIMIT} bytes; the script of ${name} has ${bytes}`,
      { remedy: 'put the script on a volume, and write spec.script.volumeClaim by hand' },
    )
  }
  return text
}

function checkOptions({ parallelism, env, secret, accountsSecret }: ManifestOptions): void {
  if (!Number.isInteger(parallelism) || parallelism < 1) {
    throw refused(
      'BAD_OPTION',
      `--distributed: must be a whole number of at least 1; it is ${String(parallelism)}`,
    )
  }
  for (const key of ['SHOP_URL', 'STATES_URL'] as const) {
    const url = env[key]
    if (url === undefined || secret?.keys.includes(key)) continue
    if (!URL.canParse(url)) throw refused('BAD_TARGET', `${key} must be a URL; it is "${url}"`)
    if (isLoopback(new URL(url).hostname)) {
      throw refused(
        'POD_CANNOT_REACH',
        `${key} must name a host that the pods reach; to a pod, ${new URL(url).hostname} is the pod itself`,
        'give the target a host with --target, and allow it under target.loadAllowedHosts',
      )
    }
  }
  if (accountsSecret !== undefined) return
  const intoSecret = 'kubectl create secret generic accounts --from-file=accounts.csv'
  if (env.ACCOUNTS_FILE !== undefined) {
    throw refused(
      'POD_CANNOT_READ',
      'ACCOUNTS_FILE is a file of this machine, which pods do not have',
      `put it into a Secret: ${intoSecret}`,
    )
  }
  if (env.ACCOUNTS !== undefined && !secret?.keys.includes('ACCOUNTS')) {
    throw refused(
      'SECRET_IN_MANIFEST',
      'ACCOUNTS holds passwords, and a manifest is read by many',
      `put the accounts into a Secret: ${intoSecret}`,
    )
  }
}

function refused(code: string, message: string, remedy?: string): HarnessError {
  return new HarnessError('CONFIG', code, message, remedy === undefined ? {} : { remedy })
}

/** As Kubernetes wants it: lower-case letters, digits and hyphens, at most 63. */
function resourceName(scenario: string): string {
  const tail = scenario.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `auth-harness-${tail}`.slice(0, 63).replace(/-+$/, '')
}
