/** What a clause is about, by the first part of its id, in the order in which a reader looks for it. */
const SUBJECTS: Readonly<Record<string, string>> = {
  SDK: 'client',
  TOKEN: 'token',
  GUEST: 'guest',
  CRED: 'credentials',
  LOCK: 'lockout',
  SESS: 'session',
  REFR: 'refresh',
  USE: 'follow-up',
  FAULT: 'faults',
  LOAD: 'load',
}

/** A clause of a family that is not known here is its own subject. */
export function subjectOf(clauseId: string): string {
  const prefix = clauseId.replace(/-\d+$/, '')
  return SUBJECTS[prefix] ?? prefix.toLowerCase()
}
