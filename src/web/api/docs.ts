import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Assets } from '../assets.ts'
import { badge, type Html, html, table } from '../html.ts'
import { document, mark } from '../shell.ts'

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>

interface Operation {
  readonly method: string
  readonly path: string
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Shape }>> }
  readonly responses: Readonly<Record<string, Answer>>
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Shape
}
interface Answer {
  readonly description: string
  readonly content?: Readonly<Record<string, { readonly schema?: Shape }>>
}
/** As much of JSON Schema as ours uses. */
interface Shape {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
}

/** The reference, made from the OpenAPI document itself: one page of plain HTML that needs nothing from elsewhere. */
export function docsPage(doc: Document, assets: Pick<Assets, 'url'>): Html {
  const operations = operationsOf(doc)
  const tags = [...new Set(operations.map((one) => one.tags?.[0] ?? ''))]
  const schemas = Object.entries((doc.components?.schemas ?? {}) as Record<string, Shape>)
  return document({
    language: 'en',
    title: 'JSON API · Lethe',
    assets,
    className: 'console',
    skip: 'Skip to the content',
    header: html`<header><div class="bar"><a class="brand" href="/">${mark}<span>Lethe</span></a></div></header>`,
    main: html`<div class="head"><h1>JSON API</h1></div>
      <p class="lead">${plainText(doc.info.description ?? '')}</p>
      <p>As a document for programs: <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI ${doc.openapi}). Send
      <code>Authorization: Bearer lethe_…</code>; make a token with <code>lethe token create</code> or on your account page.</p>
      ${problemList(operations)}
      <nav aria-label="Contents"><p>${tags.map((tag) => html`<a href="#${slug(tag)}">${tag}</a> · `)}<a href="#schemas">Schemas</a></p></nav>
      ${tags.map((tag) => html`<h2 id="${slug(tag)}">${tag}</h2>${operations.filter((one) => one.tags?.[0] === tag).map(operationPart)}`)}
      <h2 id="schemas">Schemas</h2>${schemas.map(([name, shape]) => schemaPart(name, shape))}`,
    footer: html`<footer>Lethe · JSON API, version ${doc.info.version}</footer>`,
  })
}

/** They are the same everywhere, so they are told once. */
function problemList(operations: readonly Operation[]): Html {
  const [first] = operations
  const problems = Object.entries(first?.responses ?? {}).filter(([status]) => status >= '400')
  return html`<details><summary>Problems</summary><ul class="small">${problems.map(
    ([status, { description }]) => html`<li><strong>${status}</strong> ${description}</li>`,
  )}</ul></details>`
}

function operationsOf(doc: Document): Operation[] {
  return Object.entries(doc.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as unknown as Record<string, Omit<Operation, 'method' | 'path'>>).map(
      ([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
      }),
    ),
  )
}

function operationPart(one: Operation): Html {
  const body = one.requestBody?.content['application/json']?.schema
  const parameters = one.parameters ?? []
  return html`<section class="card"><h3>${badge(one.method === 'GET' ? 'quiet' : 'river', one.method)} <code>${one.path}</code></h3>
    <p><strong>${sentence(one.summary ?? '')}</strong> ${plainText(one.description ?? '')}</p>
    ${
      parameters.length === 0
        ? ''
        : table(
            `Parameters of ${one.method} ${one.path}`,
            ['Parameter', 'In', 'Type', ''],
            parameters.map((p) => [
              html`<code>${p.name}</code>${p.required ? ' (required)' : ''}`,
              p.in,
              typeOf(p.schema),
              p.description ?? p.schema?.description ?? '',
            ]),
            '',
          )
    }
    ${body === undefined ? '' : html`<p>Body: ${typeOf(body)}</p>${propertyTable(`Body of ${one.method} ${one.path}`, body)}`}
    <ul class="small">${Object.entries(one.responses)
      .filter(([status]) => status < '400')
      .map(
        ([status, answer]) =>
          html`<li><strong>${status}</strong> ${Object.entries(answer.content ?? {}).map(([media, { schema }]) => html`${media === 'application/json' ? '' : html`<code>${media}</code> `}${typeOf(schema)}`)}</li>`,
      )}</ul></section>`
}

const schemaPart = (name: string, shape: Shape): Html =>
  html`<section class="card" id="schema-${name}"><h3><code>${name}</code></h3>${shape.properties ? propertyTable(name, shape) : html`<p>${typeOf(shape)}</p>`}</section>`

/** Of a schema that stands here; one that has a name is linked instead. */
function propertyTable(caption: string, shape: Shape): Html | '' {
  if (!shape.properties) return ''
  const rows = Object.entries(shape.properties).map(([name, one]) => [
    html`<code>${name}</code>${shape.required?.includes(name) ? '' : html` <span class="muted">optional</span>`}`,
    typeOf(one),
    one.description ?? '',
  ])
  return table(caption, ['Member', 'Type', ''], rows, html`<p>Nothing in it.</p>`)
}

function typeOf(shape: Shape | undefined): Html {
  if (!shape) return html`any`
  if (shape.$ref) {
    const name = shape.$ref.split('/').at(-1) ?? ''
    return html`<a href="#schema-${name}">${name}</a>`
  }
  const parts = shape.anyOf ?? shape.oneOf
  if (parts) return html`${parts.map((part, at) => html`${at === 0 ? '' : ' or '}${typeOf(part)}`)}`
  if (shape.const !== undefined) return html`<code>${JSON.stringify(shape.const)}</code>`
  if (shape.enum)
    return html`${shape.enum.map((value, at) => html`${at === 0 ? '' : ', '}<code>${String(value)}</code>`)}`
  if (shape.items) return html`list of ${typeOf(shape.items)}`
  const members = Object.keys(shape.properties ?? {})
  if (members.length > 0) return html`object {${members.join(', ')}}`
  const types = typeof shape.type === 'string' ? shape.type : (shape.type ?? ['any']).join(' or ')
  return html`${types}${shape.format ? ` (${shape.format})` : ''}`
}

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`)

/** Our descriptions use backticks and nothing else. */
const plainText = (text: string): Html =>
  html`${text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`

const slug = (text: string): string => text.toLowerCase().replace(/[^a-z]+/g, '-')
