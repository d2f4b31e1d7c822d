// Limits of the journal: sizes of files and frames, with the reason where it is not plain.
//
// INV-17: a frame, a window and a segment stay within their constants. A change of the layout of
// frames takes the next digit in the magics, because old files are read with old rules.

/** One write ahead of the writer: 13 s at 25,000 orders a second. Allocated when it is made. */
export const SEGMENT_BYTES = 64 * 1024 * 1024
/** Payload of one frame; a torn write can damage no more than one frame. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024
/** Events of one frame, unless a single record is longer. */
export const EVENT_FRAME_BYTES = 1024 * 1024
/** Zeros are written in slices, so that syncs of the writer get between them. */
export const PREALLOCATE_SLICE_BYTES = 1024 * 1024
/** Bytes read at once from files that are walked. */
export const WINDOW_BYTES = 1024 * 1024
/** Distance of the places that the index of events remembers. */
export const EVENT_INDEX_BYTES = 64 * 1024
/** Events handed to a reader at once. */
export const EVENT_READ_BYTES = 256 * 1024
/** The newest, and the one before for when the newest is damaged. */
export const SNAPSHOTS_KEPT = 2
/** Head of a snapshot file, as JSON; it carries a block of the event digest in base64. */
export const SNAPSHOT_HEAD_BYTES_MAX = 128 * 1024
