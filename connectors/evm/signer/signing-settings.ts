// Signing settings: what a chain's file says an account of a bot may sign, in whole coins.
//
// A file without them bounds how often alone: contracts, calls and receivers of approvals always
// follow from the deployment.

export type SigningSettings = {
  /** By asset: '250000', '0.5'. */
  readonly perTransaction?: Readonly<Record<string, string>>
  readonly perHour?: Readonly<Record<string, string>>
  readonly signaturesPerMinute: number
}

/** Ten a second: each swap has an approval, and a bot acts once a block at most. */
export const USUAL_SIGNING: SigningSettings = { signaturesPerMinute: 600 }
