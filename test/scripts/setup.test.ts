// The set-up: it does what changed, once, and says nothing when nothing changed.

import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createSmallClone, type SmallClone } from '#test/support/small-clone.ts'

const SETUP = ['scripts/setup.mjs']

describe('set-up', () => {
  let clone: SmallClone
  beforeEach(() => {
    clone = createSmallClone()
  })
  afterEach(() => clone.remove())

  it('installs nothing when npm has installed what the lock file says', async () => {
    const { code, stderr } = await clone.run(SETUP)
    assert.deepEqual({ code, stderr, calls: clone.calls() }, { code: 0, stderr: '', calls: '' })
  })

  it('installs when the lock file asks for another version, and says so', async () => {
    clone.lock('1.0.1')
    const { code, stderr } = await clone.run(SETUP)
    assert.equal(code, 0)
    assert.match(stderr, /^set-up: installing packages .*\nset-up: installing packages .* s\n$/)
    assert.equal(clone.calls(), 'npm')
  })

  it('does nothing and says nothing the second time', async () => {
    clone.addDatabase()
    await clone.run(SETUP)
    const { code, stdout, stderr } = await clone.run(SETUP)
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' })
    assert.equal(clone.calls(), 'prisma')
  })

  it('repeats only the step whose input changed', async () => {
    clone.addDatabase()
    clone.lock('1.0.1')
    await clone.run(SETUP)
    clone.write('platform/database/schema.prisma', 'model B {}')
    await clone.run(SETUP)
    assert.equal(clone.calls(), 'npm prisma prisma')
  })

  it('repeats a step whose output was removed', async () => {
    clone.addDatabase()
    await clone.run(SETUP)
    rmSync(join(clone.root, 'platform/database/generated'), { recursive: true })
    await clone.run(SETUP)
    assert.equal(clone.calls(), 'prisma prisma')
  })

  it('ends a failed step with one line and exit code 1, and tries again next time', async () => {
    clone.addDatabase()
    clone.write('break-prisma', '')
    const { code, stdout, stderr } = await clone.run(SETUP)
    const lines = stderr.trimEnd().split('\n')
    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.equal(lines.length, 2, stderr)
    assert.match(lines[1] ?? '', /^set-up: .*prisma.* failed \(3\): Error: prisma is broken; see /)
    rmSync(join(clone.root, 'break-prisma'))
    assert.equal((await clone.run(SETUP)).code, 0)
    assert.equal(clone.calls(), 'prisma prisma')
  })

  it('runs each step once when two set-ups start together', async () => {
    clone.addDatabase()
    const endings = await Promise.all([clone.run(SETUP), clone.run(SETUP)])
    assert.deepEqual(
      endings.map(({ code }) => code),
      [0, 0],
    )
    assert.equal(clone.calls(), 'prisma')
    assert.ok(endings.some(({ stderr }) => stderr.includes('waiting for the set-up')))
  })

  it('takes over the lock of a set-up that was killed', async () => {
    clone.addDatabase()
    const first = clone.start(SETUP)
    await new Promise((resolve) => first.stderr.once('data', resolve))
    first.kill('SIGKILL')
    assert.equal((await clone.run(SETUP)).code, 0)
    assert.equal(existsSync(join(clone.root, '.tools/setup.lock')), false)
  })
})
