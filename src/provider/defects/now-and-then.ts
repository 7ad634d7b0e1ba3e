/** True on every n-th call: rare to one request, certain to a load. */
export function everyNth(n: number): () => boolean {
  let calls = 0
  return () => ++calls % n === 0
}
