import { deflateSync, gzipSync } from 'node:zlib'
import type { Encoding } from '../../datamap/model.ts'
import type { Value } from '../../stores/port.ts'
import { carried } from './bytes.ts'

/** What unpacks to nothing: for a packed column that takes no NULL. A mail, a page or an address without anything is no text at all. */
export function emptyPacked(encodings: readonly Encoding[], isBytes: boolean): Value {
  const bytes = encodings.reduceRight<Uint8Array>(
    (inner, encoding) => around(encoding, inner),
    Buffer.alloc(0),
  )
  return isBytes ? bytes : carried(bytes)
}

/** An empty list of JSON, PHP or YAML holds nothing of what would be packed inside it. */
function around(encoding: Encoding, inner: Uint8Array): Uint8Array {
  switch (encoding) {
    case 'json':
      return Buffer.from('{}')
    case 'php':
      return Buffer.from('a:0:{}')
    case 'yaml':
      return Buffer.from('--- {}\n')
    case 'html':
    case 'url':
    case 'mime':
      return Buffer.alloc(0)
    case 'base64':
      return Buffer.from(Buffer.from(inner).toString('base64'))
    case 'zlib':
      return deflateSync(inner)
    case 'gzip':
      return gzipSync(inner)
  }
}
