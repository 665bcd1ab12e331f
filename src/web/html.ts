import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export { html }

/** What an `html` template makes: everything put into it was escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** Whatever may stand in a template: text is escaped, null and false leave nothing. */
export type Content = Html | string | number | null | undefined | false | readonly Content[]

/** An attribute that is there or not: `${attribute('disabled', isOver)}`. */
export const attribute = (
  name: 'disabled' | 'checked' | 'selected' | 'required' | 'open',
  on: boolean,
): Html => (on ? html` ${name}` : html``)

export type Tone = 'good' | 'soon' | 'late' | 'quiet' | 'river'

export const badge = (tone: Tone, text: Content): Html =>
  html`<span class="badge badge-${tone}">${text}</span>`

export const notice = (tone: Tone, content: Content, title?: string): Html =>
  html`<div class="notice notice-${tone}"${tone === 'late' ? html` role="alert"` : ''}>
    ${title === undefined ? '' : html`<p class="notice-title">${title}</p>`}
    ${content}
  </div>`

/** A list of facts: term and value. */
export const facts = (pairs: readonly (readonly [term: Content, value: Content])[]): Html =>
  html`<dl class="facts">${pairs.map(
    ([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl>`

/**
 * A table; on a narrow screen each row becomes a block whose cells say their heading. The roles are spelt out because a table that
 * is not laid out as one would lose them. The caption is its name for whoever cannot see it.
 */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Content[])[],
  empty: Content,
): Html {
  if (rows.length === 0) return html`<div class="empty">${empty}</div>`
  return html`<div class="table-frame" role="region" aria-label="${caption}" tabindex="0">
    <table role="table" aria-label="${caption}">
      <thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}</tr></thead>
      <tbody role="rowgroup">${rows.map(
        (row) =>
          html`<tr role="row">${row.map((cell, i) => html`<td role="cell" data-head="${heads[i] ?? ''}"><div>${cell}</div></td>`)}</tr>`,
      )}</tbody>
    </table>
  </div>`
}

export interface Field {
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly value?: string | undefined
  readonly type?: 'text' | 'email' | 'tel' | 'password' | 'date' | 'datetime-local'
  readonly autocomplete?: string
  readonly inputmode?: 'numeric' | 'email' | 'tel'
  readonly required?: boolean
  readonly maxlength?: number
}

/** A labelled input with its hint and its error, tied together for a screen reader. */
export function field(f: Field): Html {
  return html`<div class="field${f.error === undefined ? '' : ' field-wrong'}">
    <label for="${f.name}">${f.label}</label>
    ${hintAndError(f)}
    <input id="${f.name}" name="${f.name}" type="${f.type ?? 'text'}"${described(f)}
      ${f.value === undefined ? '' : html` value="${f.value}"`}
      ${f.autocomplete === undefined ? '' : html` autocomplete="${f.autocomplete}"`}
      ${f.inputmode === undefined ? '' : html` inputmode="${f.inputmode}"`}
      maxlength="${f.maxlength ?? 254}"${attribute('required', f.required ?? false)}>
  </div>`
}

export function textarea(f: Field): Html {
  return html`<div class="field${f.error === undefined ? '' : ' field-wrong'}">
    <label for="${f.name}">${f.label}</label>
    ${hintAndError(f)}
    <textarea id="${f.name}" name="${f.name}" rows="4" maxlength="${f.maxlength ?? 4000}"${described(f)}${attribute('required', f.required ?? false)}>${f.value ?? ''}</textarea>
  </div>`
}

export function select(f: Field, options: readonly (readonly [value: string, label: string])[]): Html {
  return html`<div class="field">
    <label for="${f.name}">${f.label}</label>
    ${hintAndError(f)}
    <select id="${f.name}" name="${f.name}"${described(f)}>
      ${options.map(([value, label]) => html`<option value="${value}"${attribute('selected', value === f.value)}>${label}</option>`)}
    </select>
  </div>`
}

export interface Choice {
  readonly value: string
  readonly label: string
  readonly hint?: string | undefined
}

export function choices(
  type: 'radio' | 'checkbox',
  f: Pick<Field, 'name' | 'label' | 'hint' | 'error'>,
  list: readonly Choice[],
  chosen: readonly string[],
): Html {
  return html`<fieldset class="choices${f.error === undefined ? '' : ' field-wrong'}"${described(f)}>
    <legend>${f.label}</legend>
    ${hintAndError(f)}
    ${list.map(
      (choice, i) => html`<label class="choice">
        <input type="${type}" name="${f.name}" value="${choice.value}"${i === 0 ? html` id="${f.name}"` : ''}${attribute('checked', chosen.includes(choice.value))}>
        <span><span class="choice-label">${choice.label}</span>${choice.hint === undefined ? '' : html`<small>${choice.hint}</small>`}</span>
      </label>`,
    )}
  </fieldset>`
}

function hintAndError(f: Pick<Field, 'name' | 'hint' | 'error'>): Html {
  return html`${f.hint === undefined ? '' : html`<p class="hint" id="${f.name}-hint">${f.hint}</p>`}
    ${f.error === undefined ? '' : html`<p class="wrong" id="${f.name}-error">${f.error}</p>`}`
}

function described(f: Pick<Field, 'name' | 'hint' | 'error'>): Html {
  const ids = [f.hint === undefined ? '' : `${f.name}-hint`, f.error === undefined ? '' : `${f.name}-error`]
  const text = ids.filter(Boolean).join(' ')
  return html`${text ? html` aria-describedby="${text}"` : ''}${f.error === undefined ? '' : html` aria-invalid="true"`}`
}
