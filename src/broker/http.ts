import { setTimeout as delay } from 'node:timers/promises'
import { fetch, type Response } from 'undici'
import { z } from 'zod'
import { dispatcher } from '../client/dispatcher.ts'
import { HarnessError } from '../verdict/errors.ts'
import { redactText } from '../verdict/redact.ts'
import type { Broker } from './broker.ts'
import { brokerFailed, brokerUnreachable, credentialsRefused } from './errors.ts'

/** Of one request; a broker that takes longer is as good as down. */
const TIMEOUT_MS = 10_000
const RETRY_AFTER_MS = 500
/** Methods that may be sent twice. */
const IDEMPOTENT = new Set(['GET', 'PUT'])

const linkSchema = z.looseObject({ href: z.string() })
const documentSchema = z.looseObject({ _links: z.record(z.string(), z.unknown()) })

/** An answer of the broker: HAL, whose links say where everything else is. */
export type HalDocument = z.infer<typeof documentSchema>

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT'
  body?: unknown
  /** What a status means here; others mean what they mean everywhere. */
  refusals?: Partial<Record<number, () => HarnessError>>
  signal?: AbortSignal | undefined
}

/**
 * The broker's index. Asked for before anything else, so that a wrong URL, a refused token and a broker that is
 * down are told apart, and told within seconds.
 * @throws {HarnessError} as {@link request}; CONFIG BROKER_URL_WRONG: something answers, and it is no Pact Broker
 */
export async function connect(broker: Broker, signal?: AbortSignal): Promise<HalDocument> {
  const index = await request(broker, `${broker.baseUrl}/`, {
    signal,
    refusals: {
      // What a broker with basic authentication says to a token.
      400: () => credentialsRefused(broker, 400),
      404: () => notABroker(broker),
    },
  })
  const document = documentSchema.safeParse(index)
  if (!document.success || linkOf(document.data, 'pb:pacticipants') === undefined) throw notABroker(broker)
  return document.data
}

function notABroker(broker: Broker): HarnessError {
  return new HarnessError(
    'CONFIG',
    'BROKER_URL_WRONG',
    `What answers on ${broker.baseUrl} is not a Pact Broker.`,
    {
      remedy:
        "Set PACT_BROKER_BASE_URL to the address of the broker's start page, with its path if it has one.",
    },
  )
}

/**
 * One request to the broker.
 * @param href absolute; must lead to the broker itself, which alone gets its credentials
 * @returns the JSON of the answer; undefined for an empty or other one
 * @throws {HarnessError} CONFIG BROKER_CREDENTIALS_REFUSED (401, 403), BROKER_URL_WRONG (a redirect),
 *   BROKER_LINK_ELSEWHERE; TARGET BROKER_UNREACHABLE, BROKER_FAILED (5xx), BROKER_REFUSED (any other)
 */
export async function request(broker: Broker, href: string, options: RequestOptions = {}): Promise<unknown> {
  const url = new URL(href)
  if (url.origin !== new URL(broker.baseUrl).origin) {
    throw new HarnessError(
      'CONFIG',
      'BROKER_LINK_ELSEWHERE',
      `${url.origin} is not the broker at ${broker.baseUrl}; its credentials are not sent there.`,
      {
        remedy:
          "Give the broker's own address. If the broker itself links there, set PACT_BROKER_BASE_URL in the broker's environment to the address that its clients use.",
      },
    )
  }
  const response = await send(broker, url, options)
  const text = await response.text()
  if (!response.ok) throw refusal(broker, url, response, text, options)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Tries once more where that cannot do harm: a restart of the broker or a proxy's hiccup is not a verdict. */
async function send(broker: Broker, url: URL, options: RequestOptions): Promise<Response> {
  const method = options.method ?? 'GET'
  const attempt = () => sendOnce(broker, url, method, options)
  if (!IDEMPOTENT.has(method)) return attempt()
  try {
    const response = await attempt()
    if (response.status < 500) return response
    await response.body?.cancel()
  } catch (error) {
    if (options.signal?.aborted) throw error
  }
  await delay(RETRY_AFTER_MS, undefined, options.signal && { signal: options.signal })
  return attempt()
}

async function sendOnce(
  broker: Broker,
  url: URL,
  method: string,
  options: RequestOptions,
): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  const authorization = broker.authorization()
  try {
    return await fetch(url, {
      dispatcher,
      method,
      headers: {
        accept: 'application/hal+json, application/json',
        ...(authorization && { authorization }),
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      redirect: 'manual',
      signal: options.signal ? AbortSignal.any([timeout, options.signal]) : timeout,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    const why = timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : causeOf(error)
    throw brokerUnreachable(broker, why, error)
  }
}

/** The reason inside `fetch failed`. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { code, message } = cause as { code?: string; message?: string }
  return code ?? message ?? String(error)
}

function refusal(
  broker: Broker,
  url: URL,
  response: Response,
  text: string,
  { method = 'GET', refusals }: RequestOptions,
): HarnessError {
  const { status } = response
  const known = refusals?.[status]
  if (known !== undefined) return known()
  if (status === 401 || status === 403) return credentialsRefused(broker, status)
  if (status >= 300 && status < 400) {
    return new HarnessError(
      'CONFIG',
      'BROKER_URL_WRONG',
      `${broker.baseUrl} redirects to ${redactText(response.headers.get('location') ?? 'nowhere')}.`,
      { remedy: 'Set PACT_BROKER_BASE_URL to the address that it redirects to.' },
    )
  }
  const said = `${method} ${url.pathname} was answered with ${status}${detail(text)}`
  return status >= 500
    ? brokerFailed(broker, said)
    : new HarnessError(
        'TARGET',
        'BROKER_REFUSED',
        `The broker at ${broker.baseUrl} refused a request: ${said}.`,
      )
}

/** What the broker says of an error, as far as it fits into a sentence. */
function detail(text: string): string {
  const line = redactText(text).replace(/\s+/g, ' ').trim()
  return line === '' ? '' : `: ${line.slice(0, 300)}`
}

/** The address of a relation, its template filled; undefined if the document has no such link. */
export function linkOf(
  document: HalDocument,
  relation: string,
  values: Record<string, string> = {},
): string | undefined {
  const link = linkSchema.safeParse(document._links[relation])
  return link.success
    ? link.data.href.replace(/\{(\w+)\}/g, (whole, name: string) =>
        values[name] === undefined ? whole : encodeURIComponent(values[name]),
      )
    : undefined
}

/** @throws {HarnessError} TARGET BROKER_TOO_OLD: the broker has no such link */
export function requireLink(
  document: HalDocument,
  relation: string,
  values?: Record<string, string>,
): string {
  const href = linkOf(document, relation, values)
  if (href === undefined) {
    throw new HarnessError('TARGET', 'BROKER_TOO_OLD', `The broker offers no ${relation}.`, {
      remedy: 'Use Pact Broker 2.107 or later, or PactFlow.',
    })
  }
  return href
}

/** @throws {HarnessError} TARGET BROKER_REFUSED: the answer is not of the form that the broker documents */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer)
  if (!parsed.success) {
    throw new HarnessError(
      'TARGET',
      'BROKER_REFUSED',
      `The broker's answer is no ${what}: ${z.prettifyError(parsed.error)}`,
    )
  }
  return parsed.data
}
