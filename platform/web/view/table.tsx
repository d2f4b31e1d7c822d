// Table: rows of an account under sticky heads; units stand in the heads, numbers to the right.

import type { ComponentChildren } from 'preact'

export type Column = { readonly name: string; readonly isNumber?: boolean }

type Props = {
  readonly label: string
  readonly columns: readonly Column[]
  readonly children: ComponentChildren
}

export function Table({ label, columns, children }: Props) {
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ name, isNumber = false }) => (
            <th key={name} scope="col" class={isNumber ? 'number' : ''}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}
