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
  /** The running day as volumes mark it; never 0. */
  dayMark: u32
  /** When it is over. */
  dayEnds: i64
}

const DAY_US: i64 = 86_400_000_000
/** Days are told apart by so many marks: enough for four decades. */
const DAY_MARKS: u32 = 16_383

/** The time of what is not going to happen. */
export const NEVER: i64 = i64.MAX_VALUE

export const clock = changetype<Clock>(memory.data(64, 64))

export function startCommand(seq: i64, time: i64): void {
  assert(seq > clock.seq, 'the seq of a command is above the last')
  assert(time >= clock.time, 'INV-16: time never goes back')
  if (time >= clock.dayEnds) startDay(time)
  clock.seq = seq
  clock.time = time
  clock.outcomeSeq = seq
  clock.outcomeCode = 0
  clock.isDuplicate = 0
}

/** The day since 1970 of a time. */
export function dayOf(time: i64): u32 {
  return u32(time / DAY_US)
}

function startDay(time: i64): void {
  const day = dayOf(time)
  clock.dayMark = (day % DAY_MARKS) + 1
  clock.dayEnds = (i64(day) + 1) * DAY_US
}
