// Forged tokens: everything that only looks like an access token of ours, by its kind.
//
// Made from a good token and the key that signed it, so that each differs from a good one in the
// one thing that its name says.

import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export type Forger = {
  /** A token with changed header or claims, signed by our own key unless another is given. */
  forge(head: object, claims: object, key?: KeyObject): string
  readonly forged: Readonly<Record<string, string>>
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

export function createForger(accessToken: string, ourKey: KeyObject): Forger {
  const [header = '', payload = '', signature = ''] = accessToken.split('.')
  const head = decode(header)
  const claims = decode(payload)
  const forge: Forger['forge'] = (changedHead, changedClaims, key = ourKey) => {
    const text = `${encode({ ...head, ...changedHead })}.${encode({ ...claims, ...changedClaims })}`
    return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
  }
  const publicKey = createPublicKey(ourKey)
  const otherKey = generateKeyPairSync('ed25519').privateKey
  const text = `${encode({ ...head, alg: 'HS256' })}.${payload}`
  const hmac = (key: string) => createHmac('sha256', key).update(text).digest('base64url')
  const seconds = Number(claims['iat'])
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const ecText = `${encode({ ...head, alg: 'ES256' })}.${payload}`
  const ecSigned = sign('sha256', Buffer.from(ecText), { key: ec, dsaEncoding: 'ieee-p1363' })
  return {
    forge,
    forged: {
      'without a signature': `${header}.${payload}.`,
      'with alg none': `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      'with alg None': `${encode({ ...head, alg: 'None' })}.${payload}.`,
      'with our public key as HMAC secret': `${text}.${hmac(
        publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      )}`,
      'with our published x as HMAC secret': `${text}.${hmac(
        String(publicKey.export({ format: 'jwk' }).x),
      )}`,
      'with an empty HMAC secret': `${text}.${hmac('')}`,
      'with the signature of another header': forge({ alg: 'ES256' }, {}),
      'of another algorithm, well signed': `${ecText}.${ecSigned.toString('base64url')}`,
      'signed by another key': forge({}, {}, otherKey),
      'signed by another key that it brings along': forge(
        { jwk: createPublicKey(otherKey).export({ format: 'jwk' }) },
        {},
        otherKey,
      ),
      'signed by a key it points to': forge({ jku: 'https://evil.example/keys' }, {}, otherKey),
      'with a certificate chain of its own': forge({ x5c: ['MIIB'] }, {}, otherKey),
      'with another kid': forge({ kid: 'other' }, {}),
      'with a kid that is a path': forge({ kid: '../../dev/null' }, {}, otherKey),
      'with a kid that is a number': forge({ kid: 1 }, {}),
      'with a kid out of a prototype': forge({ kid: '__proto__' }, {}, otherKey),
      'without a kid': forge({ kid: undefined }, {}),
      'with an unknown critical header': forge({ crit: ['x'], x: 1 }, {}),
      'with an unencoded payload': forge({ crit: ['b64'], b64: false }, {}),
      'of another type': forge({ typ: 'JWT' }, {}),
      'for another audience': forge({}, { aud: 'other' }),
      'without an audience': forge({}, { aud: undefined }),
      'of another issuer': forge({}, { iss: 'other' }),
      'without a session': forge({}, { sid: undefined }),
      'with a session that is no text': forge({}, { sid: { $ne: '' } }),
      'without a subject': forge({}, { sub: undefined }),
      'that never expires': forge({}, { exp: undefined }),
      'with an expiry that is no number': forge({}, { exp: '9999999999' }),
      'issued in the future': forge({}, { iat: seconds + 60, exp: seconds + 120 }),
      'not valid before later': forge({}, { nbf: seconds + 60 }),
      'with a changed payload': `${header}.${encode({ ...claims, sid: 'other' })}.${signature}`,
      'with a shortened signature': accessToken.slice(0, -3),
      'with a fourth part': `${accessToken}.x`,
      'with spaces around it': ` ${accessToken} `,
      'that is empty': '',
      'that is far too long': `${accessToken}${'a'.repeat(2_000)}`,
    },
  }
}
