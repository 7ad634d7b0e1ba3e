import { z } from 'zod'
import { hostName } from './host-name.ts'

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })

const verificationSchema = z
  .union(
    [
      z.literal('opaque'),
      z.strictObject({
        secretEnv: z.string().min(1).describe('name of the environment variable that holds the secret'),
        algorithms: z.array(z.enum(['HS256', 'HS384', 'HS512'])).min(1),
      }),
      z.strictObject({
        jwksUrl: httpUrl,
        algorithms: z.array(z.enum(['RS256', 'PS256', 'ES256', 'EdDSA'])).min(1),
      }),
    ],
    { error: 'must be "opaque", { secretEnv, algorithms } or { jwksUrl, algorithms }' },
  )
  .describe(
    "how a token's signature is verified; a client cannot verify a real one, so the default is opaque",
  )

/**
 * The configuration file, after defaults: the one source of its types, its messages and its published JSON Schema.
 * Lengths of time are in seconds, as the vendor's settings are.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('address of this schema, for editors'),
  target: z
    .strictObject({
      baseUrl: httpUrl
        .refine(isOrigin, 'must be a scheme, a host and a port alone, such as https://shop.example')
        .optional()
        .describe('scheme, host and port; absent: the embedded reference provider'),
      siteId: z.string().min(1).default('RefArch'),
      apiVersion: z
        .string()
        .regex(/^v\d{2}_\d{1,2}$/, 'must be a version as it stands in the URL, such as v25_6')
        .default('v25_6'),
      clientId: z.string().min(1).default('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
      statesUrl: httpUrl
        .optional()
        .describe('provider states setup URL; absent: states come from the API and the accounts'),
      loadAllowedHosts: z
        .array(
          z
            .string()
            .refine(
              (name) => hostName(name) !== undefined,
              'must be the name of one host alone: no scheme, port, path or wildcard',
            ),
        )
        .default([])
        .describe('hosts that load may be sent to, by exact name; loopback always is'),
      timeoutSeconds: z
        .number()
        .positive()
        .default(10)
        .describe('of one request of the contract and behaviour stages'),
    })
    .prefault({}),
  token: z
    .strictObject({
      lifetimeSeconds: z.int().positive().default(1800),
      clockToleranceSeconds: z.number().nonnegative().default(5),
      verification: verificationSchema.default('opaque'),
      oldTokenAfterRefresh: z
        .enum(['valid', 'revoked'])
        .default('valid')
        .describe('whether the older token still works after a refresh'),
    })
    .prefault({}),
  lockout: z
    .strictObject({
      maxAttempts: z.int().min(1).max(200).default(5),
      periodSeconds: z.int().min(60).max(864_000).default(1800),
      resetAfterSeconds: z
        .int()
        .positive()
        .default(86_400)
        .describe('after this long without a failure the count returns to 0'),
    })
    .prefault({}),
  session: z
    .strictObject({
      enforceHttps: z
        .boolean()
        .default(false)
        .describe('the preference Enforce HTTPS: dwsid alone then suffices'),
    })
    .prefault({}),
  accounts: z
    .strictObject({ file: z.string().min(1) })
    .optional()
    .describe('CSV with the header login,password,customerId,lockable; for a target without a states URL'),
  broker: z
    .strictObject({ baseUrl: z.url({ protocol: /^https?$/ }) })
    .optional()
    .describe(
      'credentials come from the environment only: PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD',
    ),
  load: z
    .strictObject({
      thresholds: z
        .record(z.string(), z.record(z.string(), z.record(z.string(), z.array(z.string()))))
        .default({})
        .describe('scenario, profile, metric: threshold expressions that replace the default ones'),
    })
    .prefault({}),
  knownFailures: z
    .array(z.strictObject({ clause: z.string().min(1), reason: z.string().min(1) }))
    .default([])
    .describe('clauses that are known to be broken on this target; one that no longer fails, fails the gate'),
})

function isOrigin(url: string): boolean {
  // Zod asks this also where the rule before has failed, and one message is enough.
  if (!URL.canParse(url)) return true
  const { origin, href } = new URL(url)
  return href === `${origin}/`
}

/** As a user writes it. */
export type ConfigInput = z.input<typeof configSchema>

/** After defaults. */
export type Config = z.output<typeof configSchema>

/** Types `auth-harness.config.ts`: `export default defineConfig({ … })`. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config
}
