// Ids that this page gives to its orders and requests: 32 hex digits by chance.
//
// Not randomUUID, which browsers offer on https and localhost only.

const BYTES = 16

export function callerId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
