// Sandbox: the command line of a strategy process, with what the system can hold it to.
//
// On Linux, where a user may make namespaces: a network of its own that leads nowhere, the hidden
// folders empty but for the strategy's own (a Unix socket is a file, which no network namespace
// holds back), no capabilities, and death with the runner. Limits of memory, of files written and
// of core dumps come with prlimit. Elsewhere Node's permissions and the lockdown stand alone;
// `walls` says which is so.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Sandbox = {
  readonly walls: 'namespaces' | 'permissions'
  /**
   * How a program is started that may read these files and folders and nothing else; of a hidden
   * folder it finds `kept` and nothing else.
   */
  commandOf(program: string, readable: readonly string[], kept?: string): Command
}

export type Command = { readonly command: string; readonly args: readonly string[] }

const HEAP_MB = 64
/** Half a gigabyte of it is what V8 sets aside for code at its start. */
const DATA_MB = 800

const TOOLS = {
  unshare: '/usr/bin/unshare',
  setpriv: '/usr/bin/setpriv',
  prlimit: '/usr/bin/prlimit',
}
const SHELL = '/bin/sh'
/**
 * An empty folder over each hidden one, the kept one back in its place, then the program; a folder
 * that stays open ends it. Who stands in a folder still has it when it is hidden.
 */
const HIDE = `here=$PWD; keep=$1; shift; [ -z "$keep" ] || cd "$keep" || exit 71
while [ "$1" != -- ]; do mount -t tmpfs none "$1" || exit 71; shift; done; shift
if [ -n "$keep" ]; then
mkdir -p "$keep" && mount -c --bind . "$keep" || exit 71
cd "$here" 2>/dev/null || cd / || exit 71
fi
unset PWD OLDPWD here keep; exec "$@"`

export function createSandbox(hidden: readonly string[]): Sandbox {
  const isWalled = canWall()
  return {
    walls: isWalled ? 'namespaces' : 'permissions',
    commandOf(program, readable, kept) {
      const all = kept === undefined ? readable : [...readable, kept]
      const flags = [...nodeFlags(all), program]
      if (!isWalled) return { command: process.execPath, args: flags }
      const empty = hideable(hidden, [process.execPath, program, ...readable])
      const back = kept !== undefined && empty.some((one) => isIn(kept, one)) ? kept : ''
      return { command: TOOLS.unshare, args: [...wallsOf(empty, back), process.execPath, ...flags] }
    },
  }
}

/** Folders that are there and hold nothing that is needed, none inside of another. */
function hideable(hidden: readonly string[], needed: readonly string[]): readonly string[] {
  const free = hidden.filter((one) => existsSync(one) && !needed.some((path) => isIn(path, one)))
  return free.filter((one) => !free.some((other) => other !== one && isIn(one, other)))
}

function isIn(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`)
}

function nodeFlags(readable: readonly string[]): string[] {
  return [
    `--max-old-space-size=${HEAP_MB}`,
    ...['--max-semi-space-size=1', '--optimize-for-size', '--v8-pool-size=1'],
    ...['--disallow-code-generation-from-strings', '--disable-sigusr1', '--no-addons'],
    ...['--disable-warning=ExperimentalWarning', '--no-global-search-paths'],
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
  ]
}

/** The arguments of unshare before the program. */
function wallsOf(hidden: readonly string[], kept: string): readonly string[] {
  return [
    ...['--user', '--map-root-user', '--net', '--mount', '--ipc', '--'],
    ...[SHELL, '-c', HIDE, 'sh', kept, ...hidden, '--'],
    ...[TOOLS.setpriv, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'],
    ...['--pdeathsig', 'KILL', '--'],
    ...[TOOLS.prlimit, `--data=${DATA_MB * 1_048_576}`, '--core=0', '--fsize=0', '--'],
  ]
}

/** Whether the system allows all of it: tried, because a kernel's settings say only half. */
function canWall(): boolean {
  if (process.platform !== 'linux') return false
  if (![...Object.values(TOOLS), SHELL].every((path) => existsSync(path))) return false
  const hidden = mkdtempSync(join(tmpdir(), 'crossbook-walls-'))
  const kept = join(hidden, 'kept')
  mkdirSync(kept)
  const args = [...wallsOf([hidden], kept), '/bin/true']
  const { status } = spawnSync(TOOLS.unshare, args, { env: {}, stdio: 'ignore' })
  rmSync(hidden, { recursive: true })
  return status === 0
}
