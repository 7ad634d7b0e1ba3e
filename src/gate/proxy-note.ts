import { getProxyForUrl } from 'proxy-from-env'
import { isLoopback } from '../target/guard/load-guard.ts'

/**
 * What a reader of a load result has to know of a proxy in the environment.
 * @returns undefined where there is none for this target
 */
export function proxyNote(baseUrl: string, engine: 'node' | 'k6'): string | undefined {
  const { hostname } = new URL(baseUrl)
  const proxy = isLoopback(hostname) ? '' : getProxyForUrl(baseUrl)
  if (proxy === '') return undefined
  const { host } = new URL(proxy)
  return engine === 'k6'
    ? `load goes through the proxy ${host}, which is a part of what is measured (NO_PROXY takes ${hostname} out)`
    : `load goes to ${hostname} directly and not through the proxy ${host}, which the embedded engine does not use; --engine k6 does`
}
