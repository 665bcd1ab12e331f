import type { WorkItem } from '../tables.ts'

/**
 * What becomes of other people in the texts of a row when nobody says otherwise. `left`: she wrote it, so that she knows what it
 * says. `hidden`: somebody else wrote it, or the row is not hers alone (Art. 15(4)). `open`: the row is about her alone and nobody
 * can tell who wrote it; it is copied as it is, and an officer looks first.
 */
export type Rule = 'left' | 'hidden' | 'open'

export function ruleFor({ link, by }: Pick<WorkItem, 'link' | 'by'>): Rule {
  if (by === 'she') return 'left'
  return by === undefined && link === 'owned' ? 'open' : 'hidden'
}
