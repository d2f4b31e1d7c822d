// End process: what a sequencer does about a bug or a failing disk unless it is told otherwise.

const INTERNAL_SOFTWARE_ERROR = 70

/** Prints the error and exits: nothing may be released after it. */
export function endProcess(error: unknown): never {
  console.error(error)
  process.exit(INTERNAL_SOFTWARE_ERROR)
}
