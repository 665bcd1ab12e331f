import type { TimeZone } from '../base/instant.ts'

/** What the data map says, after it was read and checked; see load.ts for the files and graph.ts for the edges. */

/** Articles 6(1)(a) to (f), by fideslang's words. */
export type LawfulBasis =
  | 'consent'
  | 'contract'
  | 'legal_obligation'
  | 'vital_interests'
  | 'public_task'
  | 'legitimate_interests'

/**
 * How a row is the person's. `owned`: it is about her alone, or she wrote it. `shared`: she takes part in what is also
 * someone else's. `mentioned`: it only names her. Only owned rows are erased; the others lose what is hers.
 */
export type Link = 'owned' | 'shared' | 'mentioned'

/** Words for people, by language; `en` is always there. */
export type Words = { readonly en: string } & Readonly<Record<string, string>>

/** What happens to an owned row in an erasure. */
export type EraseAction = 'delete' | 'anonymise' | 'keep'

/** What a field of an anonymised row becomes. `redact` takes her identifiers and names out of a text and leaves the rest. */
export type Mask =
  | { readonly how: 'null' }
  | { readonly how: 'value'; readonly template: string } // may hold {column} of the same row, e.g. erased-{id}@invalid
  | { readonly how: 'redact' }
  | { readonly how: 'keep' }

/** What a value is packed in, from the outside to the inside; see src/engine/encodings. */
export type Encoding = (typeof encodings)[number]
export const encodings = ['base64', 'gzip', 'zlib', 'url', 'html', 'mime', 'php', 'json', 'yaml'] as const

/** Column → values, as text; null stands for NULL. */
export type Values = Readonly<Record<string, readonly (string | null)[]>>

/** Values of a column that stand in another table: the ids of the rows of `table` with these values. */
export interface Lookup {
  readonly table: string
  readonly take: string
  readonly where: Values
}

/** What every column is that the map does not name: of tables whose columns an application makes as it runs. */
export interface OtherColumns {
  readonly categories: readonly string[]
  readonly freeText: boolean
  readonly secret: boolean
  readonly mask: Mask | undefined
}

/** Rows that are pieces of one file: `of` tells the file, `order` the place, `data` the bytes. */
export interface Chunks {
  readonly of: string
  readonly order: string
  readonly data: string
}

export interface KeepGround {
  /** A typed ground of Art. 17(3) or 18: `legal_obligation`, `legal_claims`, `public_interest`, `suppression` … */
  readonly ground: string
  readonly because: Words
  /** ISO 8601 duration from `from`, after which the part erases itself; absent: as long as the ground lasts. */
  readonly keep?: string | undefined
  readonly from?: string | undefined
}

export interface Suppression {
  /** Before the rows go, each e-mail or phone in this field is kept as a keyed hash, so that it is not mailed again. */
  readonly field: string
  readonly kind: 'email' | 'phone'
  /** Which list of the suppression ledger: `marketing`. */
  readonly list: string
  /** Only rows with these values carry a suppression (an unsubscribe); absent: every row does. */
  readonly when?: Readonly<Record<string, readonly string[]>> | undefined
}

export interface FieldMap {
  readonly name: string
  readonly description: string | undefined
  readonly title: Words | undefined
  readonly categories: readonly string[]
  readonly primaryKey: boolean
  readonly readOnly: boolean
  readonly length: number | undefined
  /** Identity kind that seeds this field (`fides_meta.identity`). */
  readonly identity: string | undefined
  /** What spelling to compare by; follows from `identity` unless said. */
  readonly format: 'email' | 'phone' | 'exact'
  /** Several addresses in one value, as in a mail header: `"Ann" <ann@x>, bob@y`. */
  readonly list?: boolean | undefined
  /** The column holds the hash of the address in lower case, in hexadecimal (Gravatar, Mailchimp). */
  readonly hash?: 'md5' | 'sha1' | 'sha256' | undefined
  /** How a value of the other end of a reference is written here: `U{}` for `U42`; any of these. */
  readonly as?: readonly string[] | undefined
  /** What the value is packed in; searched and redacted inside. */
  readonly encoding?: readonly Encoding[] | undefined
  /** IANA zone of the wall clock this column reads; absent: the store's. */
  readonly timezone?: TimeZone | undefined
  /** The store writes this field in the normal form only (`+31612345678`, lower-case e-mail), so an index serves. */
  readonly normalised: boolean
  /** How rows reached through this field become hers. */
  readonly link: Link | undefined
  /** People wrote here: scanned for identifiers, redacted in part. */
  readonly freeText: boolean
  /** Never exported: password hashes, tokens. */
  readonly secret: boolean
  /** What becomes of it when its row is anonymised, or when its row is shared and this field is hers. */
  readonly mask: Mask | undefined
  readonly references: readonly Reference[]
  /** fideslang's word for the type, `string`, `integer[]`; absent where the map does not say. */
  readonly dataType?: string | undefined
  /** What lies inside this column (JSON), by dotted path; the column carries the categories of all of it. */
  readonly nested?: readonly FieldMap[] | undefined
  /** `policies/datamap/x.yaml:12:5`. */
  readonly where: string
}

export interface Reference {
  readonly dataset: string
  readonly collection: string
  readonly field: string
  /** `from`: the other field feeds this one. `to`: this one feeds the other. `both`: either. */
  readonly direction: 'from' | 'to' | 'both'
  /** From `lethe.joins`: silent where the dataset is not loaded. */
  readonly optional?: boolean | undefined
  readonly where: string
}

export interface CollectionMap {
  /** `dataset.collection`, unique. */
  readonly id: string
  readonly store: string
  readonly name: string
  /** The table it reads; several collections may read one table, told apart by `rows`. */
  readonly table: string
  readonly title: Words
  readonly description: string | undefined
  readonly categories: readonly string[]
  readonly fields: readonly FieldMap[]
  readonly key: readonly string[]
  /** The key is every column, for want of another: set from the live table, never written in a map. */
  readonly wholeRow?: boolean | undefined
  /** Row filter (discriminator): column → values; null stands for NULL. */
  readonly rows: Readonly<Record<string, readonly (string | null)[]>>
  /** As `rows`, where an installation numbers what it names: column → where its numbers stand. */
  readonly lookups?: Readonly<Record<string, Lookup>> | undefined
  readonly purpose: Words
  readonly basis: LawfulBasis
  readonly recipients: readonly Words[]
  readonly source: Words | undefined
  readonly erase: EraseAction
  readonly keep: KeepGround | undefined
  readonly suppress: Suppression | undefined
  /** One row is one person: an identity that meets several of them is a shared line or mailbox, for a person to decide. */
  readonly person: boolean
  /** Column whose value is a file below the store's `files` folder; goes with its row. */
  readonly file: string | undefined
  /** Files that belong to a row, as path templates below the store's `files` folder: `{column}`, `{column:yyyy}`, `*`, `**`. */
  readonly paths?: readonly string[] | undefined
  /** Rows that several others point at: hers only when every row that points here is hers, else shared. */
  readonly counted?: boolean | undefined
  /** Who wrote a row. One that somebody else wrote is shared at most, whatever led to it; `unless` exempts agents. */
  readonly author?: { readonly field: string; readonly unless?: Values | undefined } | undefined
  /** Rows with one value here are one record: a call with all its legs. They are reached and done together. */
  readonly unit?: string | undefined
  /** Fields that name outside parties of a unit; one who is neither she nor ours makes the unit a matter for a person. */
  readonly parties?: readonly string[] | undefined
  /** Instead of one table: every live table whose name fits, `*` standing for anything. */
  readonly tables?: string | undefined
  readonly others?: OtherColumns | undefined
  readonly chunks?: Chunks | undefined
  /** A copy that the store itself derives from other tables (a view): never written, refreshed at the end. */
  readonly derived?: boolean | undefined
  /** What marks a row as restricted (Art. 18): column → value. */
  readonly restrict?: Readonly<Record<string, string>> | undefined
  /** What erasing here sets off elsewhere, in words; every plan tells it. */
  readonly effects?: readonly Words[] | undefined
  readonly after: readonly string[]
  readonly eraseAfter: readonly string[]
  readonly skip: boolean
  /** What the file leaves open; `purpose` and `basis` hold a stand-in then, which no answer may present as said. */
  readonly unstated?: readonly ('purpose' | 'basis')[] | undefined
  readonly where: string
}

export interface DatasetMap {
  readonly key: string
  /** The store of `stores.yaml` it lies in. */
  readonly store: string
  readonly title: Words
  readonly description: string | undefined
  readonly role: 'controller' | 'processor'
  readonly controller: string | undefined
  readonly transfers: Words | undefined
  /** How long a backup copy lives, ISO 8601 (`P35D`); the reply names the date the last copy is gone. */
  readonly backupHorizon: string | undefined
  /** Copies outside the store (a search index, exports): each a task for a person in every erasure. */
  readonly copies?: readonly Words[] | undefined
  readonly effects?: readonly Words[] | undefined
  readonly after: readonly string[]
  readonly collections: readonly CollectionMap[]
  readonly where: string
}

export interface DataMap {
  readonly datasets: readonly DatasetMap[]
  readonly collections: ReadonlyMap<string, CollectionMap>
  /** SHA-256 of what was read: part of every plan digest. */
  readonly digest: string
  readonly warnings: readonly Finding[]
}

/** Something a person can act on: what, where, what to do. `blocking` stops before any write. */
export interface Finding {
  readonly level: 'error' | 'warning' | 'note'
  readonly where: string
  readonly message: string
  readonly hint: string
}

/** One step of the walk: rows of `to` whose `toField` equals a value of `fromField` in rows already reached. */
export interface Edge {
  readonly from: string
  readonly fromField: string
  readonly to: string
  readonly toField: string
  readonly link: Link
  /** Compared as e-mail or phone, not as an id: the value may be another person's too. */
  readonly format: 'email' | 'phone' | 'exact'
}

/** Where the walk begins: rows of `collection` whose `field` is one of the person's identities of this kind. */
export interface Seed {
  readonly collection: string
  readonly field: string
  readonly identity: string
  readonly format: 'email' | 'phone' | 'exact'
  readonly link: Link
}

export interface Graph {
  readonly seeds: readonly Seed[]
  readonly edges: readonly Edge[]
  /** Collection ids: what must be erased before what (children first; cycles cut at a nullable key). */
  readonly eraseOrder: readonly string[]
  /** Wishes of the order that could not be met because they turn in a circle. */
  readonly cuts: readonly Cut[]
}

/** `child` should go before `parent` and does not: its `field` still points there when the parent goes. */
export interface Cut {
  readonly child: string
  readonly parent: string
  /** The referring field of the child; absent where the wish came from `erase_after` or `after`. */
  readonly field: string | undefined
  readonly why: 'reference' | 'erase_after' | 'after'
  /** A collection that points at itself: the rows of one chunk go together. */
  readonly self: boolean
  /** Columns of the child that the store empties by itself when the parent's row goes first. */
  readonly emptied?: readonly string[] | undefined
}
