#!/usr/bin/env node
// Looks like a native solc to forge, and is npm's: nothing is downloaded.
const solc = require('solc')

if (process.argv.includes('--version')) {
  const version = solc.version().replace('Emscripten.clang', 'Linux.g++')
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`)
} else {
  let asked = ''
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (chunk) => {
    asked += chunk
  })
  process.stdin.on('end', () => process.stdout.write(solc.compile(asked)))
}
