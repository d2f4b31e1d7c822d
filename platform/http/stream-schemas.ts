// Stream schemas: the messages of orders on /v1/stream as the OpenAPI text names them.
//
// OpenAPI knows requests and answers alone, so what travels over a connection stands among its
// schemas, with examples, where every reader of the text shows it; the operation of /v1/stream
// points there. They are the schemas that messages are held against, not a second description.

import { MESSAGE_EXAMPLES } from '#platform/orders/port.ts'
import { Amend, Cancel, NoResults, Place, Results } from './stream-messages.ts'

export const STREAM_SCHEMAS = {
  StreamOrderPlace: Place,
  StreamOrderAmend: Amend,
  StreamOrderCancel: Cancel,
  StreamOrderResults: Results,
  StreamRefusal: NoResults,
}

type Name = keyof typeof STREAM_SCHEMAS

const refTo = (name: Name) => ({ $ref: `#/components/schemas/${name}` })

/** Of the operation: which message each op is, and what it is answered. */
export const STREAM_MESSAGES = {
  client: {
    'order.place': refTo('StreamOrderPlace'),
    'order.amend': refTo('StreamOrderAmend'),
    'order.cancel': refTo('StreamOrderCancel'),
  },
  server: { ok: refTo('StreamOrderResults'), refused: refTo('StreamRefusal') },
}

const [EXAMPLE] = MESSAGE_EXAMPLES.place

export const STREAM_DESCRIPTION = `Over the connection go JSON texts. Messages of orders, and what
each is answered, are the schemas ${Object.keys(STREAM_SCHEMAS).join(', ')} below, with an example
of every kind of order; for instance

    ${JSON.stringify(EXAMPLE)}
`
