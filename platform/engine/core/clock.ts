// Clock: sequence, time and number of the last event, and what the running command came to.
//
// One static record; the engine around the core reads it by its address. INV-16: seq and time never
// go back. INV-09: eventNo counts every event.

@unmanaged
export class Clock {
  seq: i64
  time: i64
  eventNo: i64
  /** The seq of the command that made the outcome: another one's when it is a duplicate. */
  outcomeSeq: i64
  /** 0 or a refusal's number. */
  outcomeCode: i32
  isDuplicate: i32
  /** Cells of events that nobody took yet; who takes them sets it to 0. */
  eventsUsed: u32
}

/** The time of what is not going to happen. */
export const NEVER: i64 = i64.MAX_VALUE

export const clock = changetype<Clock>(memory.data(64, 64))

export function startCommand(seq: i64, time: i64): void {
  assert(seq > clock.seq, 'the seq of a command is above the last')
  assert(time >= clock.time, 'INV-16: time never goes back')
  clock.seq = seq
  clock.time = time
  clock.outcomeSeq = seq
  clock.outcomeCode = 0
  clock.isDuplicate = 0
}
