// Postmen: how a letter leaves. Over SMTP where a server is named; else it stays in the mailbox.
//
// The same letter has the same Message-ID at every attempt, so that a server or a reader can tell
// a repetition. Nothing of a letter is ever in a line of the log.

import { createTransport } from 'nodemailer'
import type { Postman } from './port.ts'

const TIMEOUT_MS = 10_000
const NAME = 'Crossbook'

/** `url` is smtp:// or smtps://; its user is the sender when it is an address. */
export function smtpPostman(url: string): Postman {
  const { username, hostname } = new URL(url)
  const user = decodeURIComponent(username)
  const address = user.includes('@') ? user : `crossbook@${hostname}`
  const transport = createTransport(url, { from: { name: NAME, address } })
  return {
    deliver: async ({ id, to, subject, text, at }) => {
      await withinTime(
        transport.sendMail({
          ...{ to, subject, text, messageId: `<${id}@crossbook>` },
          date: new Date(at / 1_000),
          headers: { 'Auto-Submitted': 'auto-generated' },
        }),
      )
    },
    close: () => transport.close(),
  }
}

/** The development mailbox: a letter that is kept is delivered. */
export function keepingPostman(): Postman {
  return { deliver: async () => {}, close: () => {} }
}

async function withinTime(sending: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the mail server is late')), TIMEOUT_MS)
  })
  try {
    await Promise.race([sending, late])
  } finally {
    clearTimeout(timer)
  }
}
