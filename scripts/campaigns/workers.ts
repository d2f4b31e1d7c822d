// Workers: batches of a campaign, carried out by as many processors as there are.
//
// A worker is a module that answers each message with one; one that throws ends the campaign.
// Batches are told apart by their seeds alone, so how many workers there are changes nothing.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

type Work<Batch, Answer> = {
  /** The module of the worker. */
  readonly module: URL
  readonly batches: Iterator<Batch>
  /** No more workers than this. */
  readonly most: number
  readonly add: (answer: Answer) => void
}

/** Until no batch is left; answers how many workers there were. */
export async function workOff<Batch, Answer>(work: Work<Batch, Answer>): Promise<number> {
  const workers = Math.min(availableParallelism(), work.most)
  await Promise.all(Array.from({ length: workers }, () => drain(work)))
  return workers
}

/** Batches of seeds, until there are enough or the time is over. */
export function* seedBatches(options: {
  readonly seed: number
  readonly seeds: number
  readonly batch: number
  readonly seconds: number
}): Generator<{ readonly from: number; readonly seeds: number }> {
  const { seed, seeds, batch, seconds } = options
  const until = performance.now() + seconds * 1_000
  for (let done = 0; done < seeds && performance.now() < until; done += batch) {
    yield { from: seed + done, seeds: Math.min(batch, seeds - done) }
  }
}

async function drain<Batch, Answer>({ module, batches, add }: Work<Batch, Answer>): Promise<void> {
  const worker = new Worker(module)
  try {
    for (let next = batches.next(); next.done !== true; next = batches.next()) {
      add(await answerOf<Answer>(worker, next.value))
    }
  } finally {
    await worker.terminate()
  }
}

function answerOf<Answer>(worker: Worker, batch: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: Answer) => {
      worker.off('error', reject)
      resolve(answer)
    })
    worker.once('error', reject)
    worker.postMessage(batch)
  })
}
