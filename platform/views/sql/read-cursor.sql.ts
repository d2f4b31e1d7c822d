// Where the database stands.

export const readCursor = {
  name: 'views-read-cursor',
  text: 'SELECT event_no AS "eventNo", seq, time FROM views.cursor WHERE id = 1',
}
