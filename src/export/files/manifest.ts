import { z } from 'zod'

/** Goes up when a reader of the old shape would misread the new one. */
export const schemaVersion = 1

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().nonnegative()

/** `manifest.json`: what the package holds. It lists every file but itself. */
export const manifestShape = z.object({
  format: z.literal('lethe-package'),
  schemaVersion: z.literal(schemaVersion),
  reference: z.string(),
  right: z.enum(['access', 'portability']),
  language: z.string(),
  receivedAt: z.string(),
  createdAt: z.string(),
  controller: z.string(),
  collections: z.array(
    z.object({
      store: z.string(),
      name: z.string(),
      title: z.string(),
      rows: count,
      /** Rows by how they are hers. */
      links: z.object({ owned: count, shared: count, mentioned: count }),
      /** Rows in which something about other people was hidden. */
      redactedRows: count,
      json: z.string(),
      csv: z.string(),
      schema: z.string(),
      /** Each file with the name its store knows it by. */
      media: z.array(z.object({ name: z.string(), path: z.string() })),
    }),
  ),
  leftOut: z.array(
    z.object({
      store: z.string(),
      collection: z.string().nullable(),
      count,
      ground: z.string(),
      because: z.string(),
    }),
  ),
  files: z.array(z.object({ path: z.string(), bytes: count, sha256: hash })),
})

export type Manifest = z.infer<typeof manifestShape>
export type ManifestCollection = Manifest['collections'][number]
export type ManifestFile = Manifest['files'][number]
