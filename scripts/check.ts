// npm run check: everything a machine can say about the code without running the product.

import { CHECKS, checkReport, runCheck, TIDY } from '#scripts/check/checks.ts'
import { inPool } from '#scripts/test/pool.ts'

const AT_A_TIME = 2

const results = await inPool([...CHECKS, TIDY], {
  atATime: AT_A_TIME,
  work: async (check) => {
    const result = await runCheck(check)
    console.log(checkReport(result))
    return result
  },
})
process.exit(results.every(({ ok }) => ok) ? 0 : 1)
