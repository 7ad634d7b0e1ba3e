/** True on every n-th call: rare to one request, certain to a load. */
export function everyNth(n: number): () => boolean {
  let calls = 0
  return () => ++calls % n === 0
}

/** How long an answer takes that requests at the same moment are to share: long enough that they overlap. */
export const SERVING_MS = 25
