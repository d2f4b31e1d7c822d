// The cursor's one row, unless it is there.

export const startCursor = {
  name: 'views-start-cursor',
  text: `INSERT INTO views.cursor (id, event_no, seq, time) VALUES (1, 0, 0, 0)
    ON CONFLICT (id) DO NOTHING`,
}
