// Source field: the text of a strategy, pasted, out of a file or of the box, and what a compiler
// says of it.
//
// A line of the compiler leads to its place in the text. Nothing is checked while somebody types:
// the button says when, and a chosen file is checked at once.

import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { type SourceError, sourceErrorOf } from '../model/bot-errors.ts'

const FIELD = 'bot-source'
const ERRORS = 'bot-source-errors'
const LINE_PX = 18

export function SourceField() {
  const { botForm } = useApp()
  const text = useRef<HTMLTextAreaElement>(null)
  const error = botForm.errors.value.get('source')
  const isBusy = botForm.busy.value !== 'no'
  const goTo = ({ line, column }: SourceError): void => {
    const before = botForm.source
      .peek()
      .split('\n')
      .slice(0, line - 1)
    const start = before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1
    text.current?.focus()
    text.current?.setSelectionRange(start, start)
    text.current?.scrollTo({ top: (line - 3) * LINE_PX })
  }
  return (
    <div class={`form-field source ${error === undefined ? '' : 'refused'}`}>
      <div class="source-head">
        <label for={FIELD}>Strategy</label>
        <span class="source-from">
          <ChooseOfBox />
          <ChooseFile />
        </span>
      </div>
      <textarea
        ref={text}
        id={FIELD}
        class="field code-text"
        rows={9}
        spellcheck={false}
        autocomplete="off"
        placeholder="Paste the text of a strategy here, or choose its file."
        value={botForm.source.value}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : ERRORS}
        onInput={(event) => botForm.write(event.currentTarget.value)}
      />
      {error !== undefined && <SourceErrors text={error} goTo={goTo} />}
      {!botForm.isDescribed.value && (
        <button
          type="button"
          class="button check-source"
          disabled={isBusy}
          onClick={() => void botForm.check()}
        >
          {botForm.busy.value === 'checking' ? 'Checking the strategy …' : 'Check the strategy'}
        </button>
      )}
    </div>
  )
}

/** A strategy that comes with the platform: its text is there to be read, and to be changed. */
function ChooseOfBox() {
  const { botForm } = useApp()
  useEffect(() => void botForm.openBox(), [botForm])
  const all = botForm.box.value
  if (all.length === 0) return null
  return (
    <select
      class="field of-box"
      aria-label="Take one of the box"
      value=""
      onChange={(event) => {
        const { value } = event.currentTarget
        event.currentTarget.value = ''
        void botForm.takeFromBox(value)
      }}
    >
      <option value="" disabled>
        One of the box
      </option>
      {all.map(({ name, idea }) => (
        <option key={name} value={name} title={idea}>
          {name}
        </option>
      ))}
    </select>
  )
}

function ChooseFile() {
  const { botForm } = useApp()
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0]
    // The same file may be chosen again after it was changed.
    const text = await file?.text()
    input.value = ''
    if (text === undefined) return
    botForm.write(text)
    await botForm.check()
  }
  return (
    <label class="button choose-file">
      Choose a file
      <input
        type="file"
        class="hidden-label"
        accept=".ts,.mts,text/typescript"
        onChange={(event) => void choose(event.currentTarget)}
      />
    </label>
  )
}

type ErrorsProps = { readonly text: string; readonly goTo: (error: SourceError) => void }

function SourceErrors({ text, goTo }: ErrorsProps) {
  return (
    <ul class="error source-errors" id={ERRORS} role="alert">
      {text.split('\n').map((line) => {
        const place = sourceErrorOf(line)
        if (place === undefined) return <li key={line}>{line}</li>
        return (
          <li key={line}>
            <button type="button" class="link" onClick={() => goTo(place)}>
              Line {place.line}
            </button>{' '}
            {place.text}
          </li>
        )
      })}
    </ul>
  )
}
