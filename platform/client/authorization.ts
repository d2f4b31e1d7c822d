// Authorization: what proves who is asking, for a request and for a stream.
//
// A port with two kinds: the access token of a person here, the signature of an API key in
// sign.ts, which needs node:crypto and is never part of the page.

export type RequestParts = {
  readonly method: string
  /** As sent: encoded, without the query. */
  readonly path: string
  /** As sent: encoded, without the question mark. */
  readonly query: string
  readonly body: string
}

/** What the first message of a stream says beside its id and op. */
export type StreamProof =
  | { readonly token: string }
  | {
      readonly key: string
      readonly timestamp: string
      readonly nonce: string
      readonly signature: string
    }

export type Authorization = {
  /** Made anew for every attempt. */
  headers(parts: RequestParts): Readonly<Record<string, string>>
  /** undefined: not signed in, the stream stays public. */
  streamProof(): StreamProof | undefined
}

/** The access token that `current` tells at each use; undefined while nobody is signed in. */
export function tokenAuthorization(current: () => string | undefined): Authorization {
  return {
    headers: () => {
      const token = current()
      return token === undefined ? {} : { authorization: `Bearer ${token}` }
    },
    streamProof: () => {
      const token = current()
      return token === undefined ? undefined : { token }
    },
  }
}

/** For public routes only. */
export const ANONYMOUS: Authorization = { headers: () => ({}), streamProof: () => undefined }
