import { setTimeout as sleep } from 'node:timers/promises'
import type { Defect } from './defect.ts'
import { everyNth, SERVING_MS } from './now-and-then.ts'

export const guestDefects: readonly Defect[] = [
  {
    id: 'guest-marked-registered',
    title: 'a guest request answers a customer that is marked registered',
    clauses: ['GUEST-1'],
    underLoad: false,
    plant: () => ({
      authentication: (correct) => ({
        ...correct,
        async guest(clientId) {
          const grant = await correct.guest(clientId)
          return { ...grant, customer: { ...grant.customer, auth_type: 'registered' } }
        },
      }),
    }),
  },
  {
    id: 'guest-id-repeats',
    title: 'every other guest request answers the customer of the one before',
    clauses: ['GUEST-2'],
    underLoad: false,
    plant: () => ({
      identifiers(correct) {
        const repeats = everyNth(2)
        let last = correct.customerId()
        return {
          ...correct,
          customerId() {
            if (!repeats()) last = correct.customerId()
            return last
          },
        }
      },
    }),
  },
  {
    id: 'guests-at-once-share-an-id',
    title: 'guest requests that arrive while another is being served share its customer',
    clauses: ['GUEST-2'],
    underLoad: ['issuance'],
    plant: () => ({
      identifiers(correct) {
        let shared = ''
        let sharedUntil = 0
        return {
          ...correct,
          customerId() {
            if (performance.now() >= sharedUntil) {
              shared = correct.customerId()
              sharedUntil = performance.now() + SERVING_MS
            }
            return shared
          },
        }
      },
      authentication: (correct) => ({
        ...correct,
        async guest(clientId) {
          const grant = correct.guest(clientId)
          await sleep(SERVING_MS)
          return grant
        },
      }),
    }),
  },
]
