/** Kinds of files by how they begin: what can be opened, what is known to hold pictures or sound, what nobody can read. */
export type Kind =
  | 'gzip'
  | 'zlib'
  | 'zstd'
  | 'zip'
  | 'pdf'
  | 'png'
  | 'utf-16'
  | 'media'
  | 'encrypted'
  | 'packed'

const beginnings: readonly (readonly [Kind, string])[] = [
  ['gzip', '1f8b08'],
  ['zstd', '28b52ffd'],
  ['zip', '504b0304'],
  ['pdf', '255044462d'],
  ['png', '89504e47'],
  ['utf-16', 'fffe'],
  ['utf-16', 'feff'],
  ['media', 'ffd8ff'],
  ['media', '47494638'],
  ['media', '52494646'],
  ['media', '494433'],
  ['media', 'fffb'],
  ['media', 'fff3'],
  ['media', 'fff2'],
  ['media', '4f676753'],
  ['media', '664c6143'],
  ['media', '1a45dfa3'],
  ['media', '3026b275'],
  ['media', '49492a00'],
  ['media', '4d4d002a'],
  ['media', '424d'],
  ['media', '2321414d52'],
  ['media', '774f4646'],
  ['media', '774f4632'],
  ['media', 'd0cf11e0'],
  ['media', '53514c69746520666f726d6174'],
  ['media', '7f454c46'],
  ['encrypted', '53616c7465645f5f'],
  ['encrypted', '6167652d656e6372797074696f6e2e6f7267'],
  ['encrypted', '2d2d2d2d2d424547494e20504750204d4553534147452d2d2d2d2d'],
  ['encrypted', '2d2d2d2d2d424547494e2041474520454e43525950544544'],
  ['packed', 'fd377a585a00'],
  ['packed', '425a68'],
  ['packed', '377abcaf271c'],
  ['packed', '526172211a07'],
  ['packed', '04224d18'],
  ['packed', '1f9d'],
]
const byFirst = Map.groupBy(
  beginnings.map(([kind, hex]) => ({ kind, bytes: Buffer.from(hex, 'hex') })),
  ({ bytes }) => bytes[0],
)

export function kindOf(bytes: Uint8Array): Kind | undefined {
  const known = byFirst.get(bytes[0])?.find((one) => one.bytes.every((byte, i) => bytes[i] === byte))
  if (known) return known.kind
  if (isZlib(bytes, 0)) return 'zlib'
  return bytes.length > 12 && Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ftyp'
    ? 'media'
    : undefined
}

export const isZlib = (bytes: Uint8Array, at: number): boolean => {
  const [a, b] = [bytes[at] ?? 0, bytes[at + 1] ?? 0]
  return a === 0x78 && ((a << 8) | b) % 31 === 0 && (b & 32) === 0
}

/** As many different bytes as only chance, or a cipher, or a packer makes. */
export function looksRandom(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 4096)
  if (sample.length < 256) return false
  const counts = new Uint32Array(256)
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1
  let entropy = 0
  for (const count of counts)
    if (count > 0) entropy -= (count / sample.length) * Math.log2(count / sample.length)
  // So many bytes drawn by chance show less than eight bits: some stand twice.
  return entropy > 7.95 - 180 / sample.length
}
