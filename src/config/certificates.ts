import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { HarnessError } from '../verdict/errors.ts'
import type { Config } from './schema.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Trusts the certificate authorities that the configuration names, beside those of Node, in this process and in the
 * programs that it starts: Node reads NODE_EXTRA_CA_CERTS there, and Pact's programs SSL_CERT_FILE.
 * @param env changed, where there is something to trust
 * @throws {HarnessError} CONFIG `CA_FILE_WRONG`
 */
export function trustConfiguredAuthorities({ target, broker }: Config, env: NodeJS.ProcessEnv): void {
  const own = [
    ...certificatesOf('target.caFile', target.caFile),
    ...certificatesOf('broker.caFile', broker?.caFile),
  ]
  if (own.length === 0) return
  const all = [...getCACertificates('default'), ...own]
  setDefaultCACertificates(all)
  const bundle = join(mkdtempSync(join(tmpdir(), 'auth-harness-ca-')), 'authorities.pem')
  writeFileSync(bundle, `${all.join('\n')}\n`)
  env.SSL_CERT_FILE = bundle
  env.NODE_EXTRA_CA_CERTS = bundle
}

function certificatesOf(key: string, file: string | undefined): string[] {
  if (file === undefined) return []
  try {
    const found = readFileSync(file, 'utf8').match(CERTIFICATE) ?? []
    if (found.length === 0) throw new Error('it holds no certificate')
    for (const certificate of found) new X509Certificate(certificate)
    return found
  } catch (error) {
    throw new HarnessError(
      'CONFIG',
      'CA_FILE_WRONG',
      `${key} must be a file of PEM certificates, not ${file}: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    )
  }
}
