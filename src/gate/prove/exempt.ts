import type { KillMatrix } from '../../verdict/kill-matrix.ts'

/** Clauses about the client: whatever the provider does wrong, they hold, so no planted defect can prove their claims. */
export const EXEMPT: KillMatrix['exempt'] = [
  {
    clause: 'SDK-1',
    reason: 'it is about the signature of the client: the compiler and the consumer specs prove it',
  },
  {
    clause: 'SDK-2',
    reason: 'it is about what the client sends: the consumer specs and the unit tests of the client prove it',
  },
]
