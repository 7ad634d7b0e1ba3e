import type { Config } from '../config/schema.ts'
import { HarnessError } from '../verdict/errors.ts'

type Credentials =
  | { kind: 'none' }
  | { kind: 'token'; token: string }
  | { kind: 'basic'; username: string; password: string }

const SET_CREDENTIALS = 'Set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.'

/** Where a Pact Broker is, and who we are to it. The credentials show in no dump of the object. */
export class Broker {
  /** With a path, if the broker has one; without a slash at the end. */
  readonly baseUrl: string
  readonly #credentials: Credentials

  constructor(baseUrl: string, credentials: Credentials) {
    this.baseUrl = baseUrl
    this.#credentials = credentials
  }

  /** The value of the header Authorization; absent for a broker that is open to all. */
  authorization(): string | undefined {
    const given = this.#credentials
    switch (given.kind) {
      case 'none':
        return undefined
      case 'token':
        return `Bearer ${given.token}`
      case 'basic':
        return `Basic ${Buffer.from(`${given.username}:${given.password}`).toString('base64')}`
    }
  }

  /**
   * The environment for a client of this broker. A broker's own settings begin with PACT_BROKER_ too, some with
   * the name of a client's (PACT_BROKER_BASE_URL), so none is handed on; the command line holds no secret.
   */
  clientEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const others = Object.fromEntries(
      Object.entries(env).filter(([name]) => !name.startsWith('PACT_BROKER_')),
    )
    const given = this.#credentials
    return {
      ...others,
      PACT_BROKER_BASE_URL: this.baseUrl,
      ...(given.kind === 'token' && { PACT_BROKER_TOKEN: given.token }),
      ...(given.kind === 'basic' && {
        PACT_BROKER_USERNAME: given.username,
        PACT_BROKER_PASSWORD: given.password,
      }),
    }
  }
}

/**
 * The broker that PACT_BROKER_BASE_URL names, or else `broker.baseUrl` of the configuration; a token goes before
 * a user name and password.
 * @throws {HarnessError} of kind CONFIG: BROKER_URL_MISSING, BROKER_URL_INVALID, BROKER_CREDENTIALS_INCOMPLETE
 */
export function brokerFromEnvironment(config: Config, env: NodeJS.ProcessEnv): Broker {
  const baseUrl = baseUrlOf(env.PACT_BROKER_BASE_URL || config.broker?.baseUrl)
  const token = env.PACT_BROKER_TOKEN
  const username = env.PACT_BROKER_USERNAME
  const password = env.PACT_BROKER_PASSWORD
  if (token) return new Broker(baseUrl, { kind: 'token', token })
  if (username && password) return new Broker(baseUrl, { kind: 'basic', username, password })
  if (username || password) {
    const [set, missing] = username ? ['USERNAME', 'PASSWORD'] : ['PASSWORD', 'USERNAME']
    throw new HarnessError(
      'CONFIG',
      'BROKER_CREDENTIALS_INCOMPLETE',
      `PACT_BROKER_${set} is set and PACT_BROKER_${missing} is not.`,
      { remedy: SET_CREDENTIALS },
    )
  }
  return new Broker(baseUrl, { kind: 'none' })
}

function baseUrlOf(text: string | undefined): string {
  if (!text) {
    throw new HarnessError('CONFIG', 'BROKER_URL_MISSING', 'No Pact Broker is configured.', {
      remedy: 'Set PACT_BROKER_BASE_URL, or broker.baseUrl in the configuration file.',
    })
  }
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    throw new HarnessError(
      'CONFIG',
      'BROKER_URL_INVALID',
      `The broker's URL must be an http or https URL without a query, not "${text}".`,
      { remedy: 'Set PACT_BROKER_BASE_URL to the address that opens the broker in a browser.' },
    )
  }
  if (url.username || url.password) {
    throw new HarnessError('CONFIG', 'BROKER_URL_INVALID', "The broker's URL holds credentials.", {
      remedy: `Take them out of the URL, since URLs are printed. ${SET_CREDENTIALS}`,
    })
  }
  return url.href.replace(/\/+$/, '')
}
