/** Codes of OpenSSL and Node for a certificate that is not trusted, or is another host's. */
const REASON =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|CERT_.*|ERR_TLS_CERT_.*|HOSTNAME_MISMATCH)$/

/** @param reason the code of an error of the connection */
export function isCertificateReason(reason: string): boolean {
  return REASON.test(reason)
}
