// App context: the one way for a component to reach what main.tsx made.
//
// Components read signals and call functions; they create nothing that lives longer than they do.

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { assert } from '#kernel/assert.ts'
import type { App } from './create-app.ts'

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  assert(app !== null, 'a component stands outside of AppContext')
  return app
}
