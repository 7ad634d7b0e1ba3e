export type { DefectInfo } from './defects/defect.ts'
export { DEFECTS } from './defects/index.ts'
export { type ProviderSettings, SettingError } from './settings.ts'
export { type RunningProvider, startProvider } from './start.ts'
