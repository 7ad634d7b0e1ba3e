import { existsSync } from 'node:fs'

const USUAL_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser that the report is tested and shown with: `CHROMIUM`, as it is, or one where systems put it. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return env.CHROMIUM ?? USUAL_PATHS.find(existsSync)
}
