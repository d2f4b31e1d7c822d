// The program of the browser, unpacked into the system's temporary folder once.
//
// It is told as soon as the file is there, whole or not: `npm test` asks for it before files of
// tests run beside each other.

import sparticuz from '@sparticuz/chromium'

export function browserPath(): Promise<string> {
  // The package unpacks its own system libraries when it takes itself for a cloud function.
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs24.x'
  sparticuz.setGraphicsMode = false
  return sparticuz.executablePath()
}
