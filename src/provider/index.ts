export { DEFECTS } from './defects/index.ts'
export type { ProviderSettings } from './settings.ts'
export { type RunningProvider, startProvider } from './start.ts'
