/** What a person may ask for, by the statute's words; the same in table, type, URL, ledger and letter. */
export const rights = [
  'access', // Art. 15
  'rectification', // Art. 16
  'erasure', // Art. 17
  'restriction', // Art. 18
  'portability', // Art. 20
  'objection', // Art. 21
  'automated-decision', // Art. 22
  'withdraw-consent', // Art. 7(3)
] as const

export type Right = (typeof rights)[number]
