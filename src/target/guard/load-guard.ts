import { hostName } from '../../config/host-name.ts'
import type { Config } from '../../config/schema.ts'
import { HarnessError } from '../../verdict/errors.ts'

/**
 * Whether load may be sent to a host: loopback always, any other only where `target.loadAllowedHosts` names it
 * exactly. There is no deny-list and no wildcard, and a name that merely resolves to loopback is not loopback.
 * @param hostname as `new URL(…).hostname` gives it, or as a user writes it
 */
export function isLoadAllowed(config: Config, hostname: string): boolean {
  const name = hostName(hostname)
  if (name === undefined) return false
  return isLoopback(name) || config.target.loadAllowedHosts.some((allowed) => hostName(allowed) === name)
}

/**
 * @param url where load is about to be sent
 * @throws {HarnessError} CONFIG `LOAD_NOT_ALLOWED`
 */
export function assertLoadAllowed(config: Config, url: string): void {
  if (!URL.canParse(url))
    throw new HarnessError('CONFIG', 'LOAD_NOT_ALLOWED', 'load needs a target that is a URL')
  const { hostname } = new URL(url)
  if (isLoadAllowed(config, hostname)) return
  throw new HarnessError(
    'CONFIG',
    'LOAD_NOT_ALLOWED',
    `load is sent to loopback only, or to a host that the configuration lists: ${hostname} is not listed`,
    {
      remedy: `if you may load it, set target.loadAllowedHosts to ["${hostname}"] in the configuration; else leave load out of the gate: --stages contract,verify,check`,
    },
  )
}

/** @param name as `hostName` gives it, so that every spelling of an IPv4 address is four decimal numbers already */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
}
