// A database that is away is no bug: reads say 503, changes say that they may have happened.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { Pool } from 'pg'
import { answerErrors } from '#platform/http/errors.ts'

async function answersWhen(fail: () => Promise<unknown>) {
  const bugs: unknown[] = []
  const app = Fastify()
  answerErrors(app, (error) => bugs.push(error))
  app.get('/read', fail)
  app.delete('/change', fail)
  const read = await app.inject('/read')
  const change = await app.inject({ method: 'DELETE', url: '/change' })
  await app.close()
  return { read, change, bugs }
}

test('a server that refuses connections is 503 for reads and 504 for changes', async () => {
  const pool = new Pool({ host: '127.0.0.1', port: 1 })
  const { read, change, bugs } = await answersWhen(() => pool.query('SELECT 1'))
  await pool.end()
  assert.deepEqual([read.statusCode, read.json().code], [503, 'capacity.exhausted'])
  assert.equal(read.headers['retry-after'], '1')
  assert.deepEqual([change.statusCode, change.json().code], [504, 'unknown'])
  assert.deepEqual(bugs, [])
})

test('a statement that was cut off is told by its code, wherever it is wrapped', async () => {
  for (const code of ['57P01', '57P03', '08006', 'P1017']) {
    const cause = Object.assign(new Error('terminating connection'), { code })
    const { read } = await answersWhen(() => Promise.reject(new Error('query failed', { cause })))
    assert.equal(read.statusCode, 503, code)
  }
})

test('any other failure stays a bug', async () => {
  const error = Object.assign(new Error('column does not exist'), { code: '42703' })
  const { read, change, bugs } = await answersWhen(() => Promise.reject(error))
  assert.deepEqual([read.statusCode, change.statusCode, bugs.length], [500, 500, 2])
})
