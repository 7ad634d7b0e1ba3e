import { isObject, isText } from './json.ts'

/** What a fault says; typed arguments (`{"type": "string", "value": …}`) are already read as their values. */
export interface Fault {
  type: string
  message: string
  arguments: Readonly<Record<string, unknown>>
}

/** @returns undefined where the value is no fault document */
export function readFault(value: unknown): Fault | undefined {
  if (faultProblem(value) !== undefined) return undefined
  const { type, message, arguments: given } = (value as { fault: Fault }).fault
  return {
    type,
    message,
    arguments: Object.fromEntries(
      Object.entries(given ?? {}).map(([name, argument]) => [name, flat(argument)]),
    ),
  }
}

/** Why a value is no fault document `{fault: {type, message, arguments?}}`; undefined where it is one. */
export function faultProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'the body is no JSON object'
  const { fault } = value
  if (!isObject(fault)) return 'the body has no member fault that is an object'
  const { type, message, arguments: given } = fault
  if (!isText(type)) return 'fault.type is no text'
  if (!isText(message)) return 'fault.message is no text'
  if (given !== undefined && given !== null && !isObject(given)) return 'fault.arguments is no object'
  return undefined
}

/** The vendor documents typed arguments, and flat ones are seen. */
function flat(argument: unknown): unknown {
  return isObject(argument) &&
    typeof argument.type === 'string' &&
    'value' in argument &&
    Object.keys(argument).length === 2
    ? argument.value
    : argument
}
