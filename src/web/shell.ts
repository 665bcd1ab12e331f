import { type Content, type Html, html } from './html.ts'

/** What every document has, whoever's it is. */
export interface Shell {
  readonly language: string
  readonly title: string
  readonly assets: { url(name: string): string }
  readonly className: string
  readonly skip: string
  readonly header: Content
  readonly main: Content
  readonly footer: Content
}

export const document = (s: Shell): Html =>
  html`<!doctype html>
<html lang="${s.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${s.title}</title>
<link rel="icon" href="${s.assets.url('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${s.assets.url('pico.css')}">
<link rel="stylesheet" href="${s.assets.url('lethe.css')}">
<script src="${s.assets.url('lethe.js')}" defer></script>
</head>
<body class="${s.className}">
<a class="skip" href="#main">${s.skip}</a>
${s.header}
<main id="main" tabindex="-1">${s.main}</main>
${s.footer}
</body>
</html>`

/** The mark: a river whose far bank fades into drops. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
<path d="M3 9.5c3.3-3 6.6-3 9.9 0s6.6 3 9.9 0c2-1.8 4-2.5 6.2-2.1" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/>
<path d="M3 16.5c3.3-3 6.6-3 9.9 0s6.6 3 9.9 0" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" opacity=".75"/>
<path d="M3 23.5c3.3-3 6.6-3 9.9 0" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" opacity=".5"/>
<circle cx="27.4" cy="15.4" r="1.5" fill="currentColor" opacity=".6"/><circle cx="17.6" cy="24.6" r="1.5" fill="currentColor" opacity=".45"/><circle cx="22.4" cy="23.2" r="1.2" fill="currentColor" opacity=".3"/><circle cx="27" cy="22" r=".9" fill="currentColor" opacity=".2"/>
</svg>`
