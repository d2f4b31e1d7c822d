// Runs work over a list, a few at a time, in the order of the list; results keep that order.

type Pool<Item, Result> = {
  readonly atATime: number
  readonly work: (item: Item) => Promise<Result>
}

export async function inPool<Item, Result>(
  items: readonly Item[],
  { atATime, work }: Pool<Item, Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const drain = async () => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: atATime }, drain))
  return results
}
