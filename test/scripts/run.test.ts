// run.mjs and bin/crossbook: what they start is seen from outside as if it had been called itself.

import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createSmallClone, ended, type SmallClone } from '#test/support/small-clone.ts'

describe('run.mjs', () => {
  let clone: SmallClone
  before(() => {
    clone = createSmallClone()
    clone.write('told.ts', 'console.log(JSON.stringify([process.cwd(), process.argv.slice(2)]))')
    clone.write('seven.ts', 'const code: number = 7\nprocess.exitCode = code')
    clone.write('scripts/cli.ts', "import '../told.ts'")
    clone.write(
      'stays.ts',
      `
      const timer = setInterval(() => {}, 1000)
      const end = () => {
        process.exitCode = 5
        clearInterval(timer)
      }
      process.on('SIGINT', () => setTimeout(end, 200))
      console.log('ready')
    `,
    )
  })
  after(() => clone.remove())

  const started = async () => {
    const child = clone.start(['scripts/run.mjs', 'stays.ts'])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    return child
  }

  it('hands over the arguments and the folder it was called in', async () => {
    const elsewhere = join(clone.root, 'npm')
    const { code, stdout } = await clone.run(
      ['../scripts/run.mjs', 'told.ts', 'a', '--b'],
      elsewhere,
    )
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(stdout), [elsewhere, ['a', '--b']])
  })

  it('ends with the exit code of the file', async () => {
    assert.equal((await clone.run(['scripts/run.mjs', 'seven.ts'])).code, 7)
  })

  it('passes SIGINT on and waits for the end of the file', async () => {
    const child = await started()
    child.kill('SIGINT')
    const { code, signal } = await ended(child)
    assert.deepEqual({ code, signal }, { code: 5, signal: null })
  })

  it('ends by the signal that ended the file', async () => {
    const child = await started()
    child.kill('SIGTERM')
    const { code, signal } = await ended(child)
    assert.deepEqual({ code, signal }, { code: null, signal: 'SIGTERM' })
  })

  it('says how it is used when no file is named', async () => {
    const { code, stderr } = await clone.run(['scripts/run.mjs'])
    assert.equal(code, 2)
    assert.match(stderr, /^usage: /)
  })

  it('runs the command line through a link from another folder', async () => {
    const folder = join(clone.root, 'other/bin')
    mkdirSync(folder, { recursive: true })
    symlinkSync(join(clone.root, 'bin/crossbook'), join(folder, 'crossbook'))
    const { code, stdout } = await clone.run(['bin/crossbook', 'replay'], join(folder, '..'))
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(stdout), [join(folder, '..'), ['replay']])
  })
})
