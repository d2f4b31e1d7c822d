// Vault's port: secrets at rest, for every module that keeps one.
//
// Envelope encryption: what is sealed names a data key, a data key is wrapped by the master key,
// and the master key stands outside of the database. What is sealed is bound to the id it belongs
// to: moved to another row it does not open.

export type Sealed = Uint8Array<ArrayBuffer>

export type Vault = {
  /** Seals a text for the row that `id` names, under the newest data key. */
  seal(id: string, secret: string): Promise<Sealed>
  /** Throws when the bytes were changed, moved or sealed under a key that is not ours. */
  open(id: string, sealed: Uint8Array): Promise<string>
  /** A secret of the platform by its name; `make` is called when there is none yet. */
  secret(name: string, make: () => string): Promise<string>
  /** A new data key; everything sealed is sealed again under it. */
  rotate(): Promise<Rotation>
  /** Microseconds since the newest data key was made. */
  ageOfNewest(): Promise<number>
  /** Every data key wrapped anew by the first master key; how many were not yet. */
  rewrap(): Promise<number>
}

export type Rotation = { readonly dataKey: string; readonly resealed: number }

/** What wraps data keys. A key-management service can stand behind it later. */
export type MasterKey = {
  /** Which master key wraps now. */
  currentId(): string
  wrap(dataKeyId: string, key: Uint8Array): Promise<Sealed>
  /** Throws when no master key of this id is at hand. */
  unwrap(
    dataKeyId: string,
    from: { readonly master: string; readonly wrapped: Uint8Array },
  ): Promise<Uint8Array>
}
