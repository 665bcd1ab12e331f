import { LetheError } from '../base/errors.ts'

/** `lethe deadline` calls the verb of the requests room; the JSON of a line and the options mean the same. */
export { deadlineFromJson } from '../requests/clock/input.ts'

/** Reads an option's `A..B` (days); `A..` is a question still open. Throws `invalid` for anything else. */
export function parseSpan(text: string): [string, string | null] {
  const match = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})?$/.exec(text.trim())
  if (!match)
    throw new LetheError('invalid', `"${text}" is not a span of days`, {
      hint: 'Write asked..answered, such as 2026-03-02..2026-03-12.',
    })
  return [match[1] as string, match[2] ?? null]
}
