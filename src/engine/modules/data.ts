import type { Vu } from '../vu/vu.ts'

/** `k6/data` */
export function dataMember(vu: Vu, name: string): unknown {
  if (name !== 'SharedArray') return undefined
  // A constructor that gives the shared array itself.
  return function SharedArray(arrayName: unknown, make: unknown): readonly unknown[] {
    if (!vu.initialising) throw new Error('new SharedArray must be called in the init context')
    const key = String(arrayName)
    if (key === '') throw new TypeError("empty name provided to SharedArray's constructor")
    const known = vu.services.sharedArrays.get(key)
    if (known !== undefined) return known
    if (typeof make !== 'function') {
      throw new TypeError("a function is expected as the second argument of SharedArray's constructor")
    }
    if (make.constructor.name === 'AsyncFunction') {
      throw new TypeError('SharedArray constructor does not support async functions as second argument')
    }
    const made: unknown = make()
    if (!Array.isArray(made)) {
      throw new TypeError('only arrays can be made into SharedArray, make sure the function returns one')
    }
    // As k6: what is no JSON does not outlive the sharing.
    const shared = deepFreeze(JSON.parse(JSON.stringify(made)) as unknown[])
    vu.services.sharedArrays.set(key, shared)
    return shared
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}
