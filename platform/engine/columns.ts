// Columns: typed arrays as the engine's memory, read without holes and grown by doubling.
//
// A table is one ArrayBuffer, so that views of it share cells. Growth copies and replaces the views
// of the object that owns them: nobody may keep a view over a call that can grow.
//
// Hot files import a module whole and name what they use as constants of their own: V8 folds those,
// but reads an imported binding at every use. It made the engine a third faster.

/** Reads an int32; what lies outside is a bug of the caller. */
export function intAt(column: Int32Array, at: number): number {
  return column[at] as number // Typed arrays have no holes: the one cast that keeps `!` out.
}

/** Reads a float64, which holds an exact integer. */
export function numAt(column: Float64Array, at: number): number {
  return column[at] as number // As above.
}

/** A copy of an int32 column with room for twice as much. */
export function doubledInts(column: Int32Array): Int32Array {
  const larger = new Int32Array(column.length * 2)
  larger.set(column)
  return larger
}

/** A copy of a float64 column with room for twice as much. */
export function doubledNums(column: Float64Array): Float64Array {
  const larger = new Float64Array(column.length * 2)
  larger.set(column)
  return larger
}

/** Rows of mixed int32 and float64 cells over one buffer. */
export type Rows = { i32: Int32Array; f64: Float64Array }

/** So many zeroed rows of a size in bytes. */
export function createRows(count: number, rowBytes: number): Rows {
  const buffer = new ArrayBuffer(count * rowBytes)
  return { i32: new Int32Array(buffer), f64: new Float64Array(buffer) }
}

/** Doubles the rows in place of their owner. */
export function growRows(rows: Rows): void {
  const f64 = doubledNums(rows.f64)
  rows.f64 = f64
  rows.i32 = new Int32Array(f64.buffer)
}
