import { hash } from 'node:crypto'

/** What the first entry names as the one before it, in the whole chain and in its subject's own. */
export const genesis = '0'.repeat(64)

/** An entry as its columns read; `body` is canonical JSON, byte for byte. */
export interface RawContent {
  readonly seq: number
  readonly at: string
  readonly actorKind: string
  readonly actorId: string
  readonly type: string
  readonly subject: string
  readonly body: string
  readonly nth: number
  readonly before: string
}

/** What a leaf commits to: canonical JSON (RFC 8785), put together by hand because a verification does it a million times. */
export const contentText = (entry: RawContent): string =>
  `{"actor":{"id":${JSON.stringify(entry.actorId)},"kind":${JSON.stringify(entry.actorKind)}},"at":"${entry.at}","before":"${entry.before}","body":${entry.body},"nth":${entry.nth},"seq":${entry.seq},"subject":${JSON.stringify(entry.subject)},"type":${JSON.stringify(entry.type)}}`

/** The key of one entry, from its subject's salt: handing it out opens this entry and no other. */
export const entryKey = (salt: string, seq: number): string => hash('sha256', `${salt}:${seq}`)

/**
 * The keyed hash that stands for an entry: SHA-256 under a secret of 256 bits used this once. Says nothing without the key, fits
 * no other content with it.
 */
export const leafOf = (key: string, content: string): string => hash('sha256', key + content)

/** The hash of an entry, over its leaf and the hash of the entry before: holds whether or not the content is still there. */
export const linkHash = (link: {
  readonly seq: number
  readonly previous: string
  readonly leaf: string
}): string => hash('sha256', `${link.seq}:${link.previous}:${link.leaf}`)

/** What the head's seal is made over. */
export const headText = (head: {
  readonly seq: number
  readonly hash: string
  readonly checkpoint: number
}): string => `${head.seq}:${head.hash}:${head.checkpoint}`
