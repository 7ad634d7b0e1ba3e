import { z } from 'zod'
import { redactHeaders, redactText } from './redact.ts'

const headersSchema = z.record(z.string(), z.string())

/** One request and its answer, as a report shows it: redacted. Header names are in lower case. */
export const exchangeSchema = z.strictObject({
  request: z.strictObject({
    method: z.string(),
    url: z.string(),
    headers: headersSchema,
    body: z.string().optional(),
  }),
  response: z
    .strictObject({ status: z.int(), headers: headersSchema, body: z.string().optional() })
    .optional()
    .describe('absent when no answer came'),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  durationMs: z.number().nonnegative(),
  load: z
    .strictObject({ atMs: z.number(), vu: z.int() })
    .optional()
    .describe(
      'of an exchange under load: when it ended, ms from the start of the run, and the VU that made it',
    ),
})

export type Exchange = z.infer<typeof exchangeSchema>

/** Bodies longer than this (characters) are cut in evidence. */
const BODY_LIMIT = 4096

/**
 * The only way that an exchange becomes evidence: redaction sits here.
 * @param raw as it went over the wire, secrets and all
 */
export function recordExchange(raw: Exchange): Exchange {
  return {
    request: {
      ...raw.request,
      url: redactText(raw.request.url),
      headers: headers(raw.request.headers),
      ...body(raw.request),
    },
    ...(raw.response && {
      response: { ...raw.response, headers: headers(raw.response.headers), ...body(raw.response) },
    }),
    ...(raw.error && { error: { code: raw.error.code, message: redactText(raw.error.message) } }),
    durationMs: raw.durationMs,
    ...(raw.load && { load: raw.load }),
  }
}

function headers(raw: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(redactHeaders(raw)).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function body(part: { body?: string | undefined }): { body?: string } {
  if (part.body === undefined) return {}
  const text = redactText(part.body)
  return {
    body: text.length > BODY_LIMIT ? `${text.slice(0, BODY_LIMIT)}… (${text.length} characters)` : text,
  }
}
