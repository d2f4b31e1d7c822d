// Empties every table of the schema views, the cursor included, in one statement.

import { TABLE_NAMES, TABLES } from './tables.ts'

export const emptyViews = {
  name: 'views-empty',
  text: `TRUNCATE ${['cursor', ...TABLE_NAMES.map((name) => TABLES[name].name)]
    .map((name) => `views.${name}`)
    .join(', ')}`,
}
