import type { Config } from '../config/schema.ts'

/** `{baseUrl}/s/{siteId}/dw/shop/{apiVersion}`. */
export function shopUrlOf(baseUrl: string, { target }: Config): string {
  return `${baseUrl}/s/${encodeURIComponent(target.siteId)}/dw/shop/${target.apiVersion}`
}
