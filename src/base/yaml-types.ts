import { z } from 'zod'
import { parseLocalDate } from './calendar.ts'
import { parseDuration } from './duration.ts'
import { LetheError } from './errors.ts'
import { parseTimeZone } from './instant.ts'

/** Words of a policy file that become a typed value where the file is read, and nowhere else. */
export const yamlParsed = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context): T => {
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof LetheError)) throw error
      context.issues.push({
        code: 'custom',
        message: [error.message, error.hint].filter(Boolean).join('. '),
        input: text,
      })
      return z.NEVER
    }
  })

/** `P3M`, `3 months`. */
export const yamlDuration = yamlParsed(parseDuration)
/** `2026-02-05`. */
export const yamlDate = yamlParsed(parseLocalDate)
/** `Europe/Amsterdam`. */
export const yamlTimeZone = yamlParsed(parseTimeZone)
/** `{en: …, nl: …, da: …}`; `en` is required, other languages fall back to it. */
export const yamlWords = z.object({ en: z.string().min(1) }).catchall(z.string().min(1))
