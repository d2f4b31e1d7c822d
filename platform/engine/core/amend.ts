// Amend: an open order is changed in place, by one command.
//
// Not carried out yet.

import * as codes from './codes.ts'
import { Amend } from './commands.ts'

/** Changes an account's order; answers 0 or the refusal's number. */
export function amend(command: Amend): i32 {
  return command.orderId < 0 ? codes.NOT_FOUND : codes.REQUEST_MALFORMED
}
