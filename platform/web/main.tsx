// The page: made once, drawn into its element, and from then on moved by signals alone.

import { render } from 'preact'
import { AppContext } from './app-context.ts'
import { createApp } from './create-app.ts'
import { Page } from './view/page.tsx'

const element = document.getElementById('page')
if (element !== null) {
  const app = createApp({ origin: location.origin, storage: localStorage })
  render(
    <AppContext.Provider value={app}>
      <Page />
    </AppContext.Provider>,
    element,
  )
}
