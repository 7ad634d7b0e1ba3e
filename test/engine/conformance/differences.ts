/** A fact of a case that is not k6's, on purpose; docs/engine.md says the same to users. */
export interface Difference {
  /** Names of cases, without their extension; absent: all of them. */
  readonly cases?: readonly string[]
  readonly fact: RegExp
  readonly reason: string
}

/** Cases that are not there yet: each line goes when its case is mended. */
const OPEN = [
  'p01_http',
  'p02_redir',
  'p02b_headbody',
  'p15_block',
  'p17_resp',
  'p21_failed_null_cb',
  'p22_manychecks',
  'r01_teardown',
  'r02_null_callback',
  'r03_checks_tolerance',
  'r04_only_checks',
  'r05_stale_get',
  'r06_k6_env',
  'r07_shell_env',
  'r08_summary_file',
  'r09_hosts_wildcard',
  'r10_json_selector_on_bad_body',
  'r11_redirect_bad_scheme',
  'r12_test_options',
  'r13_path_dots',
  'r14_secure_cookie',
  'r16_header_utf8',
  'r17_204_body',
  'r18_h2_only',
  'r19_digest_twice',
  'r20_commonjs',
  'r21_open_in_module',
  'r22_tags_assign',
  'r23_folded_header',
  'r24_bare_lf',
  'r25_gjson_query',
  'r26_system_tag_vu',
]

/** One that no longer differs fails the suite. */
export const DIFFERENCES: readonly Difference[] = [
  // CONFORMANCE_ALL=1 shows what the open ones lack.
  ...(process.env.CONFORMANCE_ALL ? [] : OPEN).map((name) => ({
    cases: [name],
    fact: /^/,
    reason: 'not yet',
  })),
]
