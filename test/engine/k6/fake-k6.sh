#!/bin/sh
# Stands in for k6 where there is none: it speaks k6's command line, log, NDJSON, progress and exit codes as far as
# the documentation and measurements of k6 2.2.0 tell them. FAKE_K6 says what happens; it is no load generator.

log() { printf '{"level":"%s","msg":"%s"%s,"time":"2026-01-01T00:00:00Z"}\n' "$1" "$2" "$3" >&2; }

inspect() {
  if [ "$FAKE_K6" = 'syntax error' ]; then
    log error 'SyntaxError: file:///script.ts: Unexpected token (3:1)'
    exit 107
  fi
  scenarios='{"main":{"executor":"constant-arrival-rate","startTime":null,"gracefulStop":"1s","env":null,"exec":null,"tags":null,"options":null,"rate":2,"timeUnit":"1s","duration":"2s","preAllocatedVUs":2,"maxVUs":null}}'
  shorthand='"vus":null,"duration":null'
  if [ "$FAKE_K6" = shorthand ]; then
    scenarios='{"default":{"executor":"constant-vus"}}'
    shorthand='"vus":2,"duration":"2s"'
  fi
  cat <<JSON
{"paused":null,$shorthand,"iterations":null,"stages":null,"scenarios":$scenarios,"dns":{"ttl":null,"select":null},
"thresholds":{"http_req_duration":["p(95)<500"],"http_req_duration{name:typo}":["p(95)<500"],
"http_req_failed":[{"threshold":"rate<0.5","abortOnFail":true,"delayAbortEval":null}],"never_sampled":["count<1"]},
"summaryTrendStats":["avg","p(95)"],"tags":null,"hosts":null}
JSON
}

metric() { printf '{"type":"Metric","data":{"name":"%s","type":"%s","contains":"%s","thresholds":[],"submetrics":null},"metric":"%s"}\n' "$1" "$2" "$3" "$1"; }
# k6 writes nanoseconds.
point() { printf '{"metric":"%s","type":"Point","data":{"time":"2026-01-01T00:00:0%s00123Z","value":%s,"tags":%s}}\n' "$1" "$2" "$3" "$4"; }

points() {
  metric vus gauge default
  printf '{"metric":"vus","type":"Point","data":{"time":"2025-12-31T23:59:59.95Z","value":2,"tags":{}}}\n'
  metric http_reqs counter default
  metric http_req_duration trend time
  metric http_req_failed rate default
  metric checks rate default
  metric my_trend trend default
  metric iteration_duration trend time
  metric iterations counter default
  i=0
  for end in 0.1000 0.6000 1.1000 1.6000; do
    tags='"scenario":"main","group":""'
    answer="{$tags,\"status\":\"200\",\"expected_response\":\"true\"}"
    failed=0
    duration=100
    [ $i = 3 ] && answer="{$tags,\"status\":\"401\",\"error_code\":\"1401\",\"expected_response\":\"true\"}"
    if [ "$FAKE_K6" = refused ]; then
      answer="{$tags,\"status\":\"0\",\"error\":\"dial: connection refused\",\"error_code\":\"1212\",\"expected_response\":\"false\"}"
      failed=1
      duration=0
    elif [ $i = 3 ]; then duration=104; fi
    passed=1
    [ $i = 1 ] && passed=0
    point http_reqs $end 1 "$answer"
    point http_req_duration $end $duration "$answer"
    point http_req_failed $end $failed "$answer"
    point checks $end $passed "{$tags,\"check\":\"TOKEN-1: there is a token\"}"
    point my_trend $end $i "{$tags}"
    point iteration_duration $end 100 "{$tags}"
    point iterations $end 1 "{$tags}"
    i=$((i + 1))
    if [ "$FAKE_K6" = 'stopped early' ] && [ $i = 2 ]; then break; fi
  done
  if [ "$FAKE_K6" = dropped ]; then
    metric dropped_iterations counter default
    point dropped_iterations 1.6000 3 "{$tags}"
  fi
  if [ "$FAKE_K6" = garbage ] || [ "$FAKE_K6" = 'waits in a line' ]; then printf '{"metric":"http_reqs","type":"Poi'; fi
}

run() {
  case " $* " in
    *' --no-color --log-format json --summary-mode disabled '* | *' --no-color --log-format json --summary-mode compact '*) ;;
    *) log error 'the flags of the harness are missing'; exit 255 ;;
  esac
  if [ -n "$FAKE_K6_ARGS" ]; then { printf '%s\n' "$@"; env; } > "$FAKE_K6_ARGS"; fi
  for arg in "$@"; do case "$arg" in json=*) out=${arg#json=} ;; esac; done
  if [ "$FAKE_K6" = 'dies before output' ]; then log error panic; exit 109; fi
  # Before any iteration.
  case "$FAKE_K6" in
    'setup throws') : > "$out"; log error 'Error: no states URL\n\tat setup (file:///load/issuance.ts:3:1(2))\n' ',"source":"stacktrace"'; exit 107 ;;
    'setup meets a page') : > "$out"; log error 'Error: the target answers 503 text/html to a guest request, no document of the API\n\tat setup (file:///load/session.ts:3:1(2))\n' ',"source":"stacktrace"'; exit 107 ;;
    'setup times out') : > "$out"; log error 'setup() execution timed out after 60 seconds'; exit 100 ;;
  esac
  if [ "$FAKE_K6" = waits ]; then trap 'waiting=no' INT; fi
  points > "$out"
  [ "$FAKE_K6" = throws ] && for n in 1 2 3 4; do
    log error 'TypeError: Cannot read property x of undefined\n\tat default (file:///load/issuance.ts:12:34(5))\n' ',"source":"stacktrace","scenario":"main"'
  done
  if [ "$FAKE_K6" = 'waits in a line' ]; then while :; do sleep 0.05; done; fi
  if [ "$FAKE_K6" = waits ]; then
    while [ "$waiting" != no ]; do sleep 0.05; done
    log error "test run was aborted because k6 received a 'interrupt' signal"
  fi
  log info 'a line with Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln in it' ',"source":"console"'
  log error 'only said by console.error' ',"source":"console"'
  interrupted=0
  [ "$FAKE_K6" = 'cut off' ] && interrupted=2
  [ "$FAKE_K6" = silent ] || printf '\nrunning (02.1s), 0/2 VUs, 4 complete and %s interrupted iterations\nmain [ 100%% ]\n' $interrupted
  [ "$FAKE_K6" = 'own summary' ] && printf 'mine: 4\nand more\n'
  case "$FAKE_K6" in
    crossed) log error "thresholds on metrics 'http_req_duration, http_req_failed' have been crossed"; exit 99 ;;
    waits | 'stopped early') exit 105 ;;
    aborted) log error 'test aborted: no customers left'; exit 108 ;;
    failed) log error 'test run was marked as failed'; exit 110 ;;
    'teardown throws') log error 'Error: no states URL\n\tat teardown (file:///load/issuance.ts:9:1(2))\n' ',"source":"stacktrace"'; exit 107 ;;
    'teardown times out') log error 'teardown() execution timed out after 60 seconds'; exit 101 ;;
    'bad options') log error 'invalid threshold'; exit 104 ;;
    'new code') exit 77 ;;
  esac
}

case "$1" in
  version) if [ "$FAKE_K6" = old ]; then echo 'k6 v0.49.0 (go1.21)'; else echo 'k6 v2.2.0 (commit/abc, go1.26, linux/amd64)'; fi ;;
  inspect) inspect ;;
  run) shift; run "$@" ;;
  *) exit 255 ;;
esac
