// StartError: why the platform cannot start, in one line for the operator.
//
// main.ts and the CLI print its message without a stack trace and exit with code 1. It is for what
// the operator can mend (a port in use, a foreign data folder, a bad CSV row), never for bugs.

export class StartError extends Error {
  override readonly name = 'StartError'
}
