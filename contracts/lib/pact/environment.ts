/**
 * The environment without Pact's variables: the verifier reads `PACT_DESCRIPTION` and leaves interactions out,
 * `PACT_BROKER_BASE_URL` and verifies others, and `PACT_BROKER_PUBLISH_VERIFICATION_RESULTS` and publishes them.
 * And without proxies: these processes speak to the loopback alone, and Pact's do not spare it.
 */
export function withoutPactVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !name.startsWith('PACT_') && !/^(?:https?|all)_proxy$/i.test(name),
    ),
  )
}
