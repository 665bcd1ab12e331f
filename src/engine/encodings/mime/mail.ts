import type { Change, Edit } from '../edit.ts'

/** What the parts of one mail share. */
export interface Mail {
  readonly change: Change
  readonly path: (string | number)[]
  readonly lineEnd: string
  readonly depth: number
  /** Reads a message inside a part. */
  readonly message: (source: string, mail: Mail) => Edit[]
}

export interface ContentType {
  /** `text/plain`, in lower case; a part without a type is that. */
  readonly type: string
  readonly charset: string
  readonly boundary: string | undefined
  /** `base64`, `quoted-printable`; anything else is what it is. */
  readonly coding: string
}
