// Tick maths: between ticks and square root prices, equal to TickMath.sol bit for bit.
//
// A square root price is sqrt(token1 / token0) in smallest units, times 2^96. The price of a tick
// is 1.0001 ^ tick; the tick of a price is the greatest one whose price does not pass it.

export const TICK_MAX = 887_272
export const TICK_MIN = -TICK_MAX
/** Prices at the outermost ticks. A pool's price lies in [min, max). */
export const SQRT_PRICE_MIN = 4_295_128_739n
export const SQRT_PRICE_MAX = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342n

const UINT256_MAX = (1n << 256n) - 1n
const LOW_32_BITS = 0xffff_ffffn
const ONE_X128 = 1n << 128n
const HALF_LOG_OF_BASE = Math.log(1.0001) / 2
const TWO_POW_96 = 2 ** 96

/** 1.0001 ^ (-2^i / 2) as Q128.128; the constants of TickMath.sol. */
const FACTORS: readonly bigint[] = [
  0xfffcb933bd6fad37aa2d162d1a594001n,
  0xfff97272373d413259a46990580e213an,
  0xfff2e50f5f656932ef12357cf3c7fdccn,
  0xffe5caca7e10e4e61c3624eaa0941cd0n,
  0xffcb9843d60f6159c9db58835c926644n,
  0xff973b41fa98c081472e6896dfb254c0n,
  0xff2ea16466c96a3843ec78b326b52861n,
  0xfe5dee046a99a2a811c461f1969c3053n,
  0xfcbe86c7900a88aedcffc83b479aa3a4n,
  0xf987a7253ac413176f2b074cf7815e54n,
  0xf3392b0822b70005940c7a398e4b70f3n,
  0xe7159475a2c29b7443b29c7fa6e889d9n,
  0xd097f3bdfd2022b8845ad8f792aa5825n,
  0xa9f746462d870fdf8a65dc1f90e061e5n,
  0x70d869a156d2a1b890bb3df62baf32f7n,
  0x31be135f97d08fd981231505542fcfa6n,
  0x9aa508b5b7a84e1c677de54f3e99bc9n,
  0x5d6af8dedb81196699c329225ee604n,
  0x2216e584f5fa1ea926041bedfe98n,
  0x48a170391f7dc42444e8fa2n,
]

/** The square root price of a tick from TICK_MIN to TICK_MAX; rounded up. */
export function sqrtPriceAtTick(tick: number): bigint {
  const distance = Math.abs(tick)
  if (distance > TICK_MAX) throw new RangeError(`no tick ${tick}`)
  const ratio = FACTORS.reduce((product, factor, bit) => {
    return (distance & (1 << bit)) === 0 ? product : (product * factor) >> 128n
  }, ONE_X128)
  const x128 = tick > 0 ? UINT256_MAX / ratio : ratio
  return (x128 >> 32n) + ((x128 & LOW_32_BITS) === 0n ? 0n : 1n)
}

/** The greatest tick whose price is not above; a logarithm finds it and exact prices settle it. */
export function tickAtSqrtPrice(sqrtPriceX96: bigint): number {
  if (sqrtPriceX96 < SQRT_PRICE_MIN || sqrtPriceX96 >= SQRT_PRICE_MAX) {
    throw new RangeError(`no tick has the price ${sqrtPriceX96}`)
  }
  const guess = Math.floor(Math.log(Number(sqrtPriceX96) / TWO_POW_96) / HALF_LOG_OF_BASE)
  let tick = Math.min(Math.max(guess, TICK_MIN), TICK_MAX - 1)
  while (sqrtPriceAtTick(tick) > sqrtPriceX96) tick -= 1
  while (sqrtPriceAtTick(tick + 1) <= sqrtPriceX96) tick += 1
  return tick
}
