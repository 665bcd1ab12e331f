/** A piece of a line: text, a placeholder, bold, a link, a line break. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'bold'; readonly of: readonly Inline[] }
  | { readonly kind: 'link'; readonly label: readonly Inline[]; readonly url: readonly Inline[] }
  | { readonly kind: 'break' }

export type Block =
  | { readonly kind: 'heading'; readonly of: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly of: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }

/**
 * The part of Markdown a letter needs: paragraphs, `## headings`, `- lists`, `**bold**`, `[links](url)`, `\` at the end of
 * a line. Placeholders stay placeholders: a value is put in after this, so nothing a person wrote becomes markup.
 */
export function parseMarkdown(text: string): Block[] {
  return text
    .split(/\n[ \t]*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .flatMap(parseBlock)
}

function parseBlock(block: string): Block[] {
  const heading = /^#{1,3} +(.*)(?:\n([\s\S]*))?$/.exec(block)
  if (heading) {
    const rest = heading[2]?.trim()
    return [{ kind: 'heading', of: parseInline(heading[1] ?? '') }, ...(rest ? parseBlock(rest) : [])]
  }
  const list = /(?:^|\n)- /.exec(block)
  if (!list) return [{ kind: 'paragraph', of: parseInline(block) }]
  const before = block.slice(0, list.index).trim()
  const items = block
    .slice(list.index)
    .trim()
    .split(/(?:^|\n)- /)
    .filter((item) => item.trim() !== '')
    .map((item) => parseInline(item.trim()))
  return [...(before ? parseBlock(before) : []), { kind: 'list', items }]
}

const token = /\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|\{\{\s*([\w-]+)\s*\}\}|(\\\n)/s

export function parseInline(text: string): Inline[] {
  const match = token.exec(text)
  if (!match) return plain(text)
  const [whole, bold, label, url, name] = match
  const found: Inline =
    bold !== undefined
      ? { kind: 'bold', of: parseInline(bold) }
      : label !== undefined
        ? { kind: 'link', label: parseInline(label), url: parseInline(url ?? '') }
        : name !== undefined
          ? { kind: 'value', name }
          : { kind: 'break' }
  return [...plain(text.slice(0, match.index)), found, ...parseInline(text.slice(match.index + whole.length))]
}

// A line's end inside a paragraph is a space.
const plain = (text: string): Inline[] =>
  text === '' ? [] : [{ kind: 'text', text: text.replace(/\s*\n\s*/g, ' ') }]
