// Once: who asks for what is being worked on waits for the same answer.

/** Runs the work unless the same id runs already. */
export function once<T>(
  running: Map<string, Promise<T>>,
  id: string,
  work: () => Promise<T>,
): Promise<T> {
  const known = running.get(id)
  if (known !== undefined) return known
  const started = work().finally(() => running.delete(id))
  running.set(id, started)
  return started
}
