import type { Entry, Propose } from './book.ts'

export interface Words {
  propose(text: string, propose: Propose): void
}

/** So many are looked for one by one: that is the store's own speed. */
const fewWords = 12

/**
 * Login names, customer numbers and the like by the longest run of plain letters and digits in them, which stands alone in every
 * text that holds them: a number by its digits, a few words one by one, many by a look at every word.
 */
export function wordsOf(entries: readonly Entry[]): Words {
  const anchored = Map.groupBy(entries, ({ needle }) => anchorOf(needle.value))
  const bare = anchored.get('') ?? []
  const digits = [...anchored].filter(([anchor]) => /^[0-9]+$/.test(anchor))
  const words = [...anchored].filter(([anchor]) => anchor !== '' && !/^[0-9]+$/.test(anchor))
  const ways = [
    ...(digits.length > 0 ? [byToken(digits, '0-9')] : []),
    ...(words.length > fewWords ? [byToken(words, '0-9A-Za-z')] : []),
  ]
  const few = words.length > fewWords ? [] : words
  return {
    propose(text, propose) {
      for (const way of ways) way(text, propose)
      if (few.length === 0 && bare.length === 0) return
      const lower = text.toLowerCase()
      // Some letters become two in lower case: places are no longer the text's.
      if (lower.length !== text.length) return propose(-1, [...bare, ...few.flatMap(([, found]) => found)])
      for (const [anchor, found] of few)
        for (let i = lower.indexOf(anchor); i >= 0; i = lower.indexOf(anchor, i + anchor.length))
          propose(i, found)
      // Without a plain letter: told as the needle itself would tell it.
      const standing = bare.filter(({ needle }) => needle.mayHold(text, lower))
      if (standing.length > 0) propose(-1, standing)
    },
  }
}

const anchorOf = (value: string): string =>
  (value.toLowerCase().match(/[a-z0-9]+/g) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '')

type Way = (text: string, propose: Propose) => void

function byToken(anchors: readonly (readonly [string, readonly Entry[]])[], signs: string): Way {
  const known = new Map(anchors)
  const lengths = anchors.map(([anchor]) => anchor.length)
  const pattern = new RegExp(`[${signs}]{${Math.min(...lengths)},}`, 'g')
  const most = Math.max(...lengths)
  return (text, propose) => {
    for (const { index, 0: token } of text.matchAll(pattern)) {
      if (token.length > most) continue
      const found = known.get(token) ?? known.get(token.toLowerCase())
      if (found) propose(index, found)
    }
  }
}
