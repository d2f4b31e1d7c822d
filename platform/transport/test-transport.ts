// Test transport: the sequencer's port as if it were far away.
//
// Everything passes a codec both ways, takes time, and now and then a reply is lost after the
// command was done: the caller gets code 'unknown' and must ask again by his id. Seeded, so that a
// failure can be seen again. It never loses or repeats a command by itself.

import {
  decodedReplies,
  groupReplies,
  type Reply,
  type Sequencer,
  type Submission,
} from '#sequencer/port.ts'

export type TestTransportOrder = {
  readonly sequencer: Sequencer
  /** What a submission and a reply look like after they were bytes. */
  readonly wire: {
    submission(body: Submission): Submission
    reply(reply: Reply): Reply
  }
  readonly seed: number
  /** Longest delay each way. */
  readonly delayMaxMs: number
  /** One reply in so many is lost; 0 for none. */
  readonly loseOneIn: number
}

const LOST: Reply = { seq: 0, code: 'unknown', duplicate: false, events: [] }

/** Wraps a sequencer. Only submitting is far away; reading and following stay as they are. */
export function createTestTransport(order: TestTransportOrder): Sequencer {
  const { sequencer, wire, delayMaxMs, loseOneIn } = order
  const random = createRandom(order.seed)
  const pause = () => new Promise((resolve) => setTimeout(resolve, random(delayMaxMs + 1)))
  const isLost = () => loseOneIn > 0 && random(loseOneIn) === 0
  return {
    ...sequencer,
    async submit(body, limits) {
      const sent = wire.submission(body)
      await pause()
      const reply = await sequencer.submit(sent, limits)
      const lost = isLost()
      await pause()
      return lost ? LOST : wire.reply(reply)
    },
    async submitAll(bodies, limits) {
      const sent = bodies.map(wire.submission)
      await pause()
      const replies = await sequencer.submitAll(sent, limits)
      // One message carries them all, so they are lost together.
      const lost = isLost()
      await pause()
      return groupReplies(decodedReplies(replies).map((reply) => (lost ? LOST : wire.reply(reply))))
    },
  }
}

/** Integers below a bound, the same for the same seed (xorshift). */
function createRandom(seed: number): (below: number) => number {
  let state = seed === 0 ? 1 : seed | 0
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
