// Notifications' port: letters to people, and the mailbox of a development machine.

export type Letter = { readonly to: string; readonly subject: string; readonly text: string }

export type Mailer = {
  /** Resolves when the letter is kept; it is delivered soon, at least once. */
  send(letter: Letter): Promise<void>
}

/** A letter with what a mail server needs to know it again when it comes a second time. */
export type Delivery = Letter & { readonly id: string; readonly at: number }

export type Postman = {
  /** Throws when it may not have been delivered: it is tried again. */
  deliver(delivery: Delivery): Promise<void>
  close(): void
}

export type Mail = Delivery & { readonly sent: boolean }

export type Mailbox = {
  /** The newest letters first, to one address or to all. */
  list(query: { readonly to?: string | undefined; readonly limit: number }): Promise<Mail[]>
}
