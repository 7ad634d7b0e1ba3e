import { HarnessError } from '../../verdict/errors.ts'
import { redactText } from '../../verdict/redact.ts'

/** One thing that the doctor looks at. */
export interface Examination {
  /** What is right when it is right. */
  readonly title: string
  /** Something that only some uses need: where it is missing, nothing is wrong. */
  readonly optional?: true
  /** Where this is wrong, what comes after it cannot be looked at. */
  readonly decisive?: true
  /**
   * @returns what was found, for the reader: a version, an address, a number
   * @throws {HarnessError} what is wrong, and in `remedy` what to mend
   */
  examine(): Promise<string>
}

export interface Finding {
  readonly title: string
  readonly status: 'ok' | 'missing' | 'wrong'
  readonly detail: string
  readonly remedy?: string
  /** The error, of a finding that is not ok. */
  readonly error?: unknown
}

/** Whatever an examination throws is what it found. */
async function find({ title, optional, examine }: Examination): Promise<Finding> {
  try {
    return { title, status: 'ok', detail: await examine() }
  } catch (error) {
    const remedy = error instanceof HarnessError ? error.remedy : undefined
    return {
      title,
      status: optional ? 'missing' : 'wrong',
      detail: redactText(error instanceof Error ? error.message : String(error)),
      ...(remedy !== undefined && { remedy }),
      error,
    }
  }
}

/** Looks at one thing after the other, and shows each finding as it comes. */
export async function examineAll(
  examinations: readonly Examination[],
  onFinding: (finding: Finding) => void,
): Promise<void> {
  for (const examination of examinations) {
    const finding = await find(examination)
    onFinding(finding)
    if (finding.status === 'wrong' && examination.decisive) return
  }
}
