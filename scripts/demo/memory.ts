// Memory of processes as the kernel counts it: proportional set size.
//
// PSS shares out pages that several processes map, so that the sum over a tree is what the tree
// really takes. Linux only; elsewhere the figures are 0 and the report says nothing about memory.

import { readdirSync, readFileSync } from 'node:fs'

/** Megabytes (1e6 bytes) of one process; 0 when it is gone or the kernel does not tell. */
export function pssMb(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? '0'
    return (Number(kilobytes) * 1024) / 1e6
  } catch {
    return 0
  }
}

/** A process and everything below it. */
export function treeOf(pid: number): number[] {
  const children = childrenByParent()
  const tree = [pid]
  for (const member of tree) tree.push(...(children.get(member) ?? []))
  return tree
}

/** The whole tree of a process, in megabytes. */
export function treePssMb(pid: number): number {
  return treeOf(pid).reduce((sum, member) => sum + pssMb(member), 0)
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>()
  for (const name of safeList('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    const parent = parentOf(pid)
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  return children
}

/** The fourth field of stat, read behind the command's name, which may hold anything. */
function parentOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

function safeList(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
