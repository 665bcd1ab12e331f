import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { LetheError } from '../../src/base/errors.ts'
import { InvalidFile, parseYaml, readYaml } from '../../src/base/yaml.ts'

const rule = z.strictObject({
  id: z.string(),
  keep: z.string().optional(),
  from: z
    .union([z.string(), z.strictObject({ column: z.string(), event: z.string().optional() })])
    .optional(),
  then: z.enum(['delete', 'anonymise', 'review']),
})
const schema = z.strictObject({
  title: z.string(),
  rules: z.array(rule),
  words: z.record(z.string(), rule).optional(),
})

const problemsOf = (text: string): string[] => {
  try {
    parseYaml(text, schema, 'p.yaml')
  } catch (error) {
    if (error instanceof InvalidFile) return error.problems.map((p) => `${p.where}: ${p.message}`)
    throw error
  }
  return []
}

test('a good file is its value, and knows where each part stands', () => {
  const yaml = parseYaml('title: A\nrules:\n  - id: x\n    then: delete\n', schema, 'p.yaml')
  expect(yaml.value).toEqual({ title: 'A', rules: [{ id: 'x', then: 'delete' }] })
  expect(yaml.at(['rules', 0, 'then'])).toBe('p.yaml:4:11')
  expect(yaml.atKey(['rules', 0, 'then'])).toBe('p.yaml:4:5')
  expect(yaml.at(['rules', 0, 'keep'])).toBe('p.yaml:3:5')
})

test('an unknown key is named at its own place with the nearest known key', () => {
  expect(problemsOf('titel: A\ntitle: B\nrules:\n  - id: x\n    then: delete\n    kep: P3M\n')).toEqual([
    'p.yaml:1:1: unknown key "titel"; did you mean "title"?',
    'p.yaml:6:5: unknown key "kep"; did you mean "keep"?',
  ])
})

test('an unknown key near to nothing is answered with the keys known there, below a record too', () => {
  expect(problemsOf('title: B\nrules: []\nwords:\n  a: {id: x, then: delete, colour: 1}\n')).toEqual([
    'p.yaml:4:28: unknown key "colour"; known here: id, keep, from, then',
  ])
})

test('all problems of a file are told at once, in its order', () => {
  expect(problemsOf('title: 3\nrules:\n  - id: x\n    then: delet\n  - then: review\n')).toEqual([
    'p.yaml:1:8: title: "3" is not text',
    'p.yaml:4:11: rules[1].then: "delet" is not delete or anonymise or review; did you mean "delete"?',
    'p.yaml:5:5: rules[2].id is missing; expected text',
  ])
})

test('a duplicate key is reported, with what else is wrong', () => {
  expect(problemsOf('title: A\ntitle: B\nrules:\n')).toEqual([
    'p.yaml:2:1: the key title stands twice in one mapping; keep one of them',
    'p.yaml:3:7: rules: nothing is not a list',
  ])
})

test('broken YAML is reported with its place', () => {
  expect(problemsOf('title: [A\nrules: []\n')[0]).toMatch(/^p\.yaml:\d+:\d+: /)
})

test('of several allowed shapes the nearest one explains what is wrong', () => {
  expect(problemsOf('title: A\nrules:\n  - {id: x, then: delete, from: {colum: y}}\n')).toEqual([
    'p.yaml:3:33: rules[1].from.column is missing; expected text',
    'p.yaml:3:34: unknown key "colum"; did you mean "column"?',
  ])
})

test('an empty file is no mapping', () => {
  expect(problemsOf('')).toEqual(['p.yaml:1:1: nothing is not a mapping'])
})

test('merge keys and anchors are read; a position behind an alias is the anchored value', () => {
  const yaml = parseYaml(
    'title: A\nrules:\n  - &a {id: x, then: delete}\n  - {<<: *a, id: y}\n  - *a\n',
    schema,
    'p.yaml',
  )
  expect(yaml.value.rules.map((r) => r.id)).toEqual(['x', 'y', 'x'])
  expect(yaml.at(['rules', 2, 'id'])).toBe('p.yaml:3:13')
})

test('aliases that unfold without end are refused', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
    .join('\n')}\n`
  expect(() => parseYaml(bomb, z.unknown(), 'p.yaml')).toThrow(LetheError)
})

test('a file that is not there is an invalid input that names it', () => {
  expect(() => readYaml('/nowhere/x.yaml', schema)).toThrow('/nowhere/x.yaml: the file cannot be read')
})

test('what a schema cannot say is refused at its place', () => {
  const dir = mkdtempSync(join(tmpdir(), 'yaml-'))
  writeFileSync(join(dir, 'x.yaml'), 'title: A\nrules:\n  - {id: x, then: delete}\n')
  const yaml = readYaml(join(dir, 'x.yaml'), schema, 'x.yaml')
  yaml.refuse([])
  expect(() => yaml.refuse([{ path: ['rules', 0, 'id'], message: 'no store is called x' }])).toThrow(
    'x.yaml:3:10: no store is called x',
  )
})
