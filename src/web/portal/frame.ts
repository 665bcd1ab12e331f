import { contactEmail, type WebDeps } from '../deps.ts'
import { type Content, type Html, html, notice } from '../html.ts'
import { languages } from '../language.ts'
import { document, mark } from '../shell.ts'
import type { PortalKit, Speech } from './env.ts'

const names = { en: 'English', nl: 'Nederlands', da: 'Dansk' } as const

export interface Page {
  readonly title: string
  readonly main: Content
  /** Shown above the title, and said first by a screen reader. */
  readonly error?: string | undefined
  readonly className?: string
}

/** A page of the portal: who we are above, language beside it, help below. */
export function page(
  kit: Pick<PortalKit, 'deps' | 'assets'>,
  speech: Speech,
  { title, main, error, className }: Page,
): Html {
  const { company } = kit.deps
  const { frame } = speech.words
  return document({
    language: speech.language,
    title: `${error === undefined ? '' : `${frame.errorTitle}: `}${title} · ${company.name}`,
    assets: kit.assets,
    className: `portal ${className ?? ''}`,
    skip: frame.skip,
    header: html`<header><div class="bar">
      <a class="brand" href="${speech.base || '/'}">${mark}<span>${company.name}<small class="brand-sub"> · ${frame.title}</small></span></a>
      ${languageLinks(speech)}
    </div></header>`,
    main: html`${error === undefined ? '' : html`<div class="column">${notice('late', html`<p>${error}</p>`, frame.errorTitle)}</div>`}${main}`,
    footer: html`<footer><div class="bar">
      <p>${frame.who(company.name)} ${frame.free}</p>
      <p>${frame.contact} ${contact(kit.deps)}.</p>
    </div></footer>`,
  })
}

/** The privacy contact as a link; without an e-mail address, as its lines. */
export function contact(deps: Pick<WebDeps, 'company'>): Html {
  const email = contactEmail(deps)
  return email === undefined
    ? html`${deps.company.contact.join(', ')}`
    : html`<a href="mailto:${email}">${email}</a>`
}

function languageLinks({ words, language, path }: Speech): Html {
  return html`<nav class="languages" aria-label="${words.frame.languages}"><ul>${languages.map(
    (l) =>
      html`<li><a href="/${l}${path === '/' ? '' : path}" lang="${l}" hreflang="${l}"${l === language ? html` aria-current="true"` : ''}>${names[l]}</a></li>`,
  )}</ul></nav>`
}

export const back = ({ base, words }: Speech, to: string): Html =>
  html`<a class="back" href="${base}${to}">← ${words.frame.back}</a>`
