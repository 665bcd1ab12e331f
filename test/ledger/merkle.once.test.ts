import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isConsistent, isIncluded } from '../../src/evidence/page/check.mjs'
import { consistencyPath, inclusionPath, merkleRoot } from '../../src/ledger/merkle.ts'

/** RFC 9162, 2.1.1, written down as it stands there: slow, on bytes. */
const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
function mth(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha()
  if (leaves.length === 1) return sha(Buffer.from([0]), leaves[0] as Buffer)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha(Buffer.from([1]), mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}
const leaf = (n: number) => sha(Buffer.from(`leaf ${n}`))
const leaves = Array.from({ length: 70 }, (_, n) => leaf(n))
const hex = leaves.map((one) => one.toString('hex'))
const root = (size: number) => mth(leaves.slice(0, size)).toString('hex')
const range = async (from: number, to: number) => mth(leaves.slice(from, to)).toString('hex')

describe('the Merkle tree', () => {
  it('has the root of RFC 9162 at every size', () => {
    for (let size = 0; size <= 70; size++) expect(merkleRoot(hex.slice(0, size))).toBe(root(size))
  })

  it('has the roots and proofs of the published vectors of certificate transparency', async () => {
    // certificate-transparency-go, merkle tree tests: eight leaves given as raw data, so hashed here as a leaf of other lengths.
    const data = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ]
    const raw = data.map((one) => Buffer.from(one, 'hex'))
    const roots = [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]
    for (const [i, expected] of roots.entries())
      expect(mth(raw.slice(0, i + 1)).toString('hex')).toBe(expected)
    const over = async (from: number, to: number) => mth(raw.slice(from, to)).toString('hex')
    expect(await inclusionPath(over, 0, 8)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    expect(await consistencyPath(over, 6, 8)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })

  it('proves every leaf at every size, and no other leaf, place, size or path', async () => {
    for (const size of [1, 2, 3, 5, 8, 13, 31, 33, 64, 70])
      for (let at = 0; at < size; at += size > 20 ? 7 : 1) {
        const path = await inclusionPath(range, at, size)
        const holds = (l = hex[at] as string, i = at, n = size, p = path, r = root(size)) =>
          isIncluded(l, i, n, p, r)
        expect(await holds()).toBe(true)
        expect(await holds(hex[(at + 1) % 70])).toBe(false)
        expect(await holds(undefined, undefined, undefined, undefined, root(size - 1))).toBe(false)
        expect(await holds(undefined, undefined, undefined, [...path, root(1)])).toBe(false)
        // A tree of one leaf has no other place and no path.
        expect(await holds(undefined, (at + 1) % size)).toBe(size === 1)
        expect(await holds(undefined, undefined, undefined, path.slice(1))).toBe(size === 1)
      }
  })

  it('proves every older size the beginning of every newer one, and nothing else', async () => {
    for (let to = 1; to <= 34; to++)
      for (let from = 1; from < to; from++) {
        const path = await consistencyPath(range, from, to)
        expect([from, to, await isConsistent(from, to, path, root(from), root(to))]).toEqual([from, to, true])
        expect(
          await isConsistent(from, to, path, root(from + 1 === to ? from - 1 : from + 1), root(to)),
        ).toBe(false)
        expect(await isConsistent(from, to, path, root(from), root(to - 1))).toBe(false)
        expect(await isConsistent(from, to, path.slice(1), root(from), root(to))).toBe(false)
        expect(await isConsistent(from, to, [...path, root(1)], root(from), root(to))).toBe(false)
      }
  })

  it('never takes a node for a leaf', () => {
    const two = merkleRoot(hex.slice(0, 2))
    expect(merkleRoot([two])).not.toBe(two)
    expect(merkleRoot(hex.slice(0, 4))).not.toBe(merkleRoot([two, merkleRoot(hex.slice(2, 4))]))
  })
})
