/** The faults that the embedded provider can be given, for `--defect` and `prove`. */
export { DEFECTS } from '../provider/defects/index.ts'
