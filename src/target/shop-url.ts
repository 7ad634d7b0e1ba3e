import type { Config } from '../config/schema.ts'

/**
 * What every path of the API follows.
 * @param path `target.shopPath` unless given
 */
export function shopUrlOf(baseUrl: string, { target }: Config, path: string = target.shopPath): string {
  return `${baseUrl}${path
    .replaceAll('{siteId}', encodeURIComponent(target.siteId))
    .replaceAll('{apiVersion}', target.apiVersion)}`
}
