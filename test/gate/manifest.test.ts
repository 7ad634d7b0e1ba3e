import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type ManifestOptions, testRunManifest } from '../../src/gate/manifest.ts'
import { shippedScenarios } from '../../src/gate/scenarios.ts'
import { HarnessError } from '../../src/verdict/errors.ts'

/**
 * The fields of the operator's `TestRun` (k6.io/v1alpha1) that a manifest may have, after the types that its CRD is
 * generated from; strict, as an API server with pruning would silently drop what it does not know.
 */
const keyRef = z.strictObject({
  name: z.string().optional(),
  key: z.string(),
  optional: z.boolean().optional(),
})
const envVar = z.strictObject({
  name: z.string().min(1),
  value: z.string().optional(),
  valueFrom: z
    .strictObject({ secretKeyRef: keyRef.optional(), configMapKeyRef: keyRef.optional() })
    .optional(),
})
const pod = z.strictObject({
  image: z.string().optional(),
  env: z.array(envVar).optional(),
  envFrom: z.array(z.unknown()).optional(),
  resources: z.unknown().optional(),
  volumes: z
    .array(z.strictObject({ name: z.string(), secret: z.strictObject({ secretName: z.string() }) }))
    .optional(),
  volumeMounts: z
    .array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }))
    .optional(),
})
const metadata = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    .max(63),
  namespace: z.string().optional(),
})
const testRunSchema = z.strictObject({
  apiVersion: z.literal('k6.io/v1alpha1'),
  kind: z.literal('TestRun'),
  metadata,
  spec: z.strictObject({
    script: z.strictObject({
      configMap: z.strictObject({ name: z.string().min(1), file: z.string().regex(/^[-._a-zA-Z0-9]+\.js$/) }),
    }),
    parallelism: z
      .int()
      .min(1)
      .max(2 ** 31 - 1),
    separate: z.boolean().optional(),
    arguments: z.string().optional(),
    runner: pod.optional(),
    initializer: pod.optional(),
    starter: pod.optional(),
    quiet: z.enum(['true', 'false']).optional(),
    cleanup: z.literal('post').optional(),
  }),
})
const configMapSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata,
  data: z.record(z.string().regex(/^[-._a-zA-Z0-9]+$/), z.string()),
})

const ENV = {
  SHOP_URL: 'https://shop.example.com/s/RefArch/dw/shop/v25_6',
  CLIENT_ID: 'the-client-id',
  PROFILE: 'stress',
}

const issuance = scenarioOf('issuance')

function scenarioOf(name: string) {
  const found = shippedScenarios.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}

async function resources(options: Partial<ManifestOptions> = {}) {
  const yaml = await testRunManifest({ scenario: issuance, parallelism: 4, env: ENV, ...options })
  const [configMap, testRun, more] = parseAllDocuments(yaml, { strict: true }).map((document) => {
    expect(document.errors).to.deep.equal([])
    return document.toJS()
  })
  expect(more).to.equal(undefined)
  return { yaml, configMap: configMapSchema.parse(configMap), testRun: testRunSchema.parse(testRun) }
}

async function refusal(options: Partial<ManifestOptions>): Promise<HarnessError> {
  const error = await testRunManifest({ scenario: issuance, parallelism: 4, env: ENV, ...options }).catch(
    (thrown) => thrown,
  )
  expect(error).to.be.instanceOf(HarnessError)
  return error
}

describe('The manifest for k6-operator', () => {
  for (const scenario of shippedScenarios) {
    it(`holds ${scenario.name} in one file that imports nothing but k6, where the TestRun looks for it`, async () => {
      const { configMap, testRun } = await resources({ scenario })
      const { name, file } = testRun.spec.script.configMap
      expect(name).to.equal(configMap.metadata.name)
      const script = configMap.data[file] ?? ''
      const imports = [...script.matchAll(/^import [^;]*? from "([^"]+)";$/gm)].map(([, from]) => from)
      expect(imports).to.include('k6').and.to.include('k6/http')
      expect(imports.filter((from) => !/^k6($|\/)/.test(from ?? ''))).to.deep.equal([])
      expect(script).not.to.match(/\brequire\(|\bimport\(|\bfor await\b/)
      expect(script)
        .to.match(/as default/)
        .and.to.match(/\boptions\b/)
      expect(Buffer.byteLength(script)).to.be.below(1024 * 1024)
    })
  }

  it('shares the load between the pods, each on a node of its own', async () => {
    const { testRun } = await resources({ parallelism: 7 })
    expect(testRun.spec.parallelism).to.equal(7)
    expect(testRun.spec.separate).to.equal(true)
    expect(testRun.spec.runner?.env).to.deep.include({ name: 'INSTANCES', value: '7' })
    expect(testRun.spec.runner?.env).to.deep.include({ name: 'PROFILE', value: 'stress' })
  })

  it('refers to secrets, and never holds one', async () => {
    const { yaml, testRun } = await resources({ secret: { name: 'shop', keys: ['CLIENT_ID'] } })
    expect(yaml).not.to.include('the-client-id')
    expect(testRun.spec.runner?.env?.filter(({ name }) => name === 'CLIENT_ID')).to.deep.equal([
      { name: 'CLIENT_ID', valueFrom: { secretKeyRef: { name: 'shop', key: 'CLIENT_ID' } } },
    ])
  })

  it('mounts the accounts from a Secret', async () => {
    const { testRun } = await resources({
      env: { ...ENV, ACCOUNTS_FILE: '/home/me/accounts.csv' },
      accountsSecret: { name: 'accounts', key: 'accounts.csv' },
    })
    const { runner } = testRun.spec
    expect(runner?.env).to.deep.include({ name: 'ACCOUNTS_FILE', value: '/accounts/accounts.csv' })
    expect(runner?.volumes?.[0]?.secret.secretName).to.equal('accounts')
    expect(runner?.volumeMounts?.[0]?.name).to.equal(runner?.volumes?.[0]?.name)
  })

  it('takes a namespace and an image', async () => {
    const { configMap, testRun } = await resources({
      namespace: 'load',
      image: 'grafana/k6:2.2.0',
      separate: false,
    })
    expect([configMap.metadata.namespace, testRun.metadata.namespace]).to.deep.equal(['load', 'load'])
    expect(testRun.spec.runner?.image).to.equal('grafana/k6:2.2.0')
    expect(testRun.spec.separate).to.equal(false)
  })

  it('gives a script of the user a name that Kubernetes takes', async () => {
    const { testRun } = await resources({
      scenario: { ...issuance, name: 'My Own_Test.of many words'.repeat(5) },
    })
    expect(testRun.metadata.name).to.match(/^auth-harness-my-own-test-of-many/)
  })

  it('refuses a target that is the pod itself', async () => {
    for (const [key, host] of [
      ['SHOP_URL', '127.0.0.1'],
      ['STATES_URL', 'localhost'],
      ['SHOP_URL', '[::1]'],
    ] as const) {
      const error = await refusal({ env: { ...ENV, [key]: `http://${host}:4010/x` } })
      expect(error).to.include({ kind: 'CONFIG', code: 'POD_CANNOT_REACH' })
      expect(error.message).to.include(key).and.to.include(host)
    }
  })

  it('refuses an accounts file that pods do not have', async () => {
    expect(await refusal({ env: { ...ENV, ACCOUNTS_FILE: '/home/me/accounts.csv' } })).to.include({
      code: 'POD_CANNOT_READ',
    })
  })

  it('refuses accounts of a variable, whose passwords would stand in it, and mounts them from a Secret', async () => {
    const env = { ...ENV, ACCOUNTS: 'login,password,customerId,lockable\na,hunter2,c,true' }
    expect(await refusal({ env })).to.include({ kind: 'CONFIG', code: 'SECRET_IN_MANIFEST' })
    const { yaml } = await resources({ env, accountsSecret: { name: 'accounts', key: 'accounts.csv' } })
    expect(yaml).to.include('/accounts/accounts.csv').and.not.to.include('hunter2')
  })

  it('refuses a parallelism that is none', async () => {
    for (const parallelism of [0, 1.5, Number.NaN]) {
      const { message } = await refusal({ parallelism })
      expect(message).to.include(String(parallelism)).and.to.include('whole number of at least 1')
    }
  })

  it('refuses a script that no ConfigMap holds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'manifest-'))
    try {
      const script = join(folder, 'large.js')
      writeFileSync(script, `export default () => ${JSON.stringify('x'.repeat(1024 * 1024))}`)
      const error = await refusal({ scenario: { name: 'large', script, shipped: false } })
      expect(error.code).to.equal('SCRIPT_TOO_LARGE')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
