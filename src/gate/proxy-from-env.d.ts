/** What of proxy-from-env is used; it has no types of its own. */
declare module 'proxy-from-env' {
  /** @returns the proxy of the environment for a URL; an empty text where there is none */
  export function getProxyForUrl(url: string): string
}
