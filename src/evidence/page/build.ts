import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence } from '../model.ts'
import { textsIn } from './texts.ts'

const own = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

/** Read once; the verifier is the very file that the command line runs. */
let parts: { readonly script: string; readonly style: string } | undefined
const partsOf = () =>
  (parts ??= {
    script: `\nconst checkEvidence = (() => {\n${own('check.mjs').replaceAll(/^export /gm, '')}\nreturn checkEvidence\n})()\n${own('page.mjs')}`,
    style: own('page.css'),
  })

export interface VerifierPage {
  readonly html: string
  /** Content-Security-Policy: nothing but its own script and style, and no network at all. */
  readonly policy: string
}

/**
 * One HTML page that verifies evidence offline, with `evidence` in it or none. `fingerprints` are filled in as trusted: only for a
 * page that people get from the service's own site, never for one that travels with the evidence.
 */
export function verifierPage(input: {
  readonly language: string
  readonly evidence?: Evidence
  readonly fingerprints?: readonly string[]
}): VerifierPage {
  const { script, style } = partsOf()
  const words = textsIn(input.language)
  const language = words === textsIn('') ? 'en' : input.language
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${digest(script)}'`,
    `style-src 'sha256-${digest(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><title>${escaped(words.title)}</title><style>${style}</style></head>
<body><main><h1>${escaped(words.title)}</h1><p>${escaped(words.lead)}</p>
<form id="form"><label for="files">${escaped(words.choose)}</label><input type="file" id="files" multiple>
<label for="trusted">${escaped(words.trusted)}<small>${escaped(words.trustedHint)}</small></label>
<input id="trusted" autocomplete="off" spellcheck="false"><button>${escaped(words.verify)}</button></form>
<section id="result" aria-live="polite"></section>
<h2>${escaped(words.limits)}</h2><ul>${words.cannot.map((one) => `<li>${escaped(one)}</li>`).join('\n')}
<li id="receipt-limit" hidden>${escaped(words.receiptCannot)}</li></ul></main>
${data('words', words)}
${data('fingerprints', input.fingerprints ?? [])}
${data('evidence', input.evidence ?? null)}
<script type="module">${script}</script></body></html>
`
  return { html, policy }
}

const digest = (text: string): string => hash('sha256', text, 'base64')

/** JSON in a page: no `<` in it, so that nothing in it ends the script or begins another. */
const data = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', String.raw`\u003c`)}</script>`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
