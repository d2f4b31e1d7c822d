// The walk-through of the README, executed word for word: what a newcomer types must be true.
//
// A block that is only `npm start` is started as its own process, as in a terminal of its own; all
// other blocks go to one bash, so that variables live on. Only the ports are others.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'

const START = 'npm start'
const RUNNING = /crossbook is running/
const START_MS = 60_000
const BLOCK_MS = 90_000

const folder = mkdtempSync(join(tmpdir(), 'crossbook-walk-'))
// npm runs scripts in the folder of package.json; the rest is found through these two links.
for (const name of ['package.json', 'scripts', 'bin', 'node_modules'])
  symlinkSync(resolve(name), join(folder, name))
const started: ChildProcess[] = []
after(async () => {
  for (const child of started) await stop(child)
  rmSync(folder, { recursive: true, force: true })
})

test('what the README says is true, word for word', async () => {
  const readme = readFileSync('README.md', 'utf8')
  const blocks = walkthrough(readme, 'Five minutes')
  const [signUp, makeKey, signed, ...more] = walkthrough(readme, 'From sign-up to a signed order')
  assert.equal(more.length, 0)
  const [start, look, order, protect, withdraw, pull, again, compare, ...rest] = blocks
  assert.deepEqual([start, again, rest.length], [START, START, 0])
  const env = { ...process.env, PORT: await freePort(), CHAIN_PORT: await freePort() }
  const bash = openBash(env)
  await startPlatform(env)
  const platform = started.at(-1)

  const looked = await bash(look)
  assert.match(looked, /<title>[^<]*Crossbook/i)
  assert.match(looked, /"user":\{"id":/)
  assert.match(looked, /"credits":\[\{"asset":"USDC","amount":"10000\.000000"\}/)

  const begin = performance.now()
  const [first = '', second = ''] = (await bash(order)).trim().split(/(?<=\})\n?(?=\{"order")/)
  assert.ok(performance.now() - begin < 2_000, 'both answers came within a second each')
  assert.match(first, /"status":"filled"/)
  assert.match(first, /"fills":\[\{/)
  assert.equal(second.trim(), first.trim())

  const waiting = await bash(protect)
  assert.equal([...waiting.matchAll(/"clientOrderId":"my-stop"/g)].length, 2)
  assert.match(waiting, /"triggerPrice":"1000\.0"/)

  const paid = await bash(withdraw)
  assert.match(paid, /"withdrawal":\{/)
  assert.match(paid, /"result":"0x0*17d7840"/)

  // In a shell of its own, like a reader who comes to that chapter first.
  const other = openBash(env)
  assert.match(await other(signUp), /"email":"grace@example\.com",[^}]*"verified":true/)
  await other(makeKey)
  const signedOrder = await other(signed)
  assert.match(signedOrder, /"clientOrderId":"my-signed"/)
  assert.match(signedOrder, /"status":"filled"/)

  await firstBot(bash, readme)

  await bash(pull)
  await ended(platform)
  await startPlatform(env)
  assert.match(await bash(compare), /nothing is missing/)
})

/** The second chapter: new, test, deploy, watch, pause, update, roll back, stop. */
async function firstBot(bash: ReturnType<typeof openBash>, readme: string): Promise<void> {
  const [deploy, watch, update, ...more] = walkthrough(readme, 'Your first bot')
  assert.equal(more.length, 0)
  const deployed = await bash(deploy)
  assert.match(deployed, /pass 1\b/)
  assert.match(deployed, /^first-bot {2}\w+.* version 1 of my-strategy$/m)
  const watched = await bash(watch)
  assert.match(watched, /has 1000\.000000 USDC/)
  assert.match(watched, /deployed: my-strategy, version 1/)
  assert.match(watched, /^first-bot {2}paused/m)
  const updated = await bash(update)
  for (const version of [2, 3])
    assert.match(updated, new RegExp(`version ${version} of my-strategy`))
  assert.match(updated, /^first-bot {2}stopped {2}version 3/m)
}

/** The bash blocks of a chapter. */
function walkthrough(readme: string, title: string): string[] {
  const chapter = readme.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...chapter.matchAll(/```bash\n(.*?)\n```/gs)].map(([, block = '']) => block)
}

async function startPlatform(env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn('bash', ['-c', START], {
    ...{ cwd: folder, env, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let said = ''
  await new Promise<void>((done, fail) => {
    const late = setTimeout(() => fail(new Error(`npm start is late: ${said}`)), START_MS)
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (!RUNNING.test(said)) return
      clearTimeout(late)
      done()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => fail(new Error(`npm start ended with ${code}: ${said}`)))
  })
}

/** One bash for all blocks; answers what a block printed. */
function openBash(env: NodeJS.ProcessEnv): (block: string | undefined) => Promise<string> {
  const bash = spawn('bash', [], { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(bash)
  let count = 0
  return (block = '') =>
    new Promise((done, fail) => {
      count += 1
      const mark = `end of block ${count}`
      let said = ''
      const late = setTimeout(() => fail(new Error(`late: ${block}\n${said}`)), BLOCK_MS)
      const hear = (chunk: Buffer) => {
        said += chunk.toString()
        if (!said.includes(mark)) return
        clearTimeout(late)
        bash.stdout.off('data', hear)
        done(said.replace(`${mark}\n`, ''))
      }
      bash.stdout.on('data', hear)
      bash.stdin.write(`${block}\necho; echo "${mark}"\n`)
    })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  if (child.pid !== undefined && child.spawnargs.includes(START))
    process.kill(-child.pid, 'SIGTERM')
  else child.kill()
  await ended(child)
}

function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve()
  }
  return new Promise((done) => child.once('exit', () => done()))
}

function freePort(): Promise<string> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? String(address?.port) : ''
      server.close(() => done(port))
    })
  })
}
