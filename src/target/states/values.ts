import { z } from 'zod'
import type { ProviderStateName, ValuesOf } from './states.ts'

const text = z.string().min(1)

const customer = z
  .object({ login: text, password: text, basic: text, customerId: text })
  .refine(({ login, password, basic }) => basic === basicOf(login, password), {
    path: ['basic'],
    error: 'must be base64 of login:password',
  })

const session = z
  .object({
    cookie: text,
    dwsid: text,
    secureTokenName: text.optional(),
    secureToken: text.optional(),
    customerId: text,
  })
  .refine(({ cookie, dwsid }) => cookie.includes(`dwsid=${dwsid}`), {
    path: ['cookie'],
    error: 'must hold dwsid',
  })
  .refine(
    ({ secureTokenName, secureToken }) => (secureTokenName === undefined) === (secureToken === undefined),
    {
      path: ['secureToken'],
      error: 'must be there with secureTokenName, or neither',
    },
  )
  .refine(({ secureTokenName }) => secureTokenName?.startsWith('dwsecuretoken_') ?? true, {
    path: ['secureTokenName'],
    error: 'must begin with dwsecuretoken_',
  })

const token = z.object({ token: text, customerId: text })

/** What every state has to answer; more members than these are allowed. */
export const stateValues: { readonly [Name in ProviderStateName]: z.ZodType<ValuesOf<Name>> } = {
  'a registered customer': customer,
  'registered customers': z.object({ customers: z.array(customer) }),
  'a locked customer': customer,
  'an active session': session,
  'active sessions': z.object({ sessions: z.array(session) }),
  'an expired session': session,
  'a session whose secure token was never used': session,
  'a customer token': token,
  'an expired customer token': token,
  'time passes': z.object({}),
}

/** base64 of `login:password`, as a Basic credential is. */
export function basicOf(login: string, password: string): string {
  return Buffer.from(`${login}:${password}`).toString('base64')
}
