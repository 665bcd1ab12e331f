import { MarkedRows, type MarkedRow } from './marked-rows.ts'

/*
 * Writes rows the way osTicket 1.18 writes them (User, Ticket, ThreadEntry, Attachment, DynamicFormEntry). Texts may be marked
 * (marks.ts). Every number is chosen by the caller, so that numbers of different things can be made to collide.
 */
const at = '2026-03-02 08:00:00'
const both = { created: at, updated: at }
const keys: Readonly<Record<string, readonly string[]>> = {
  ost_ticket: ['ticket_id'],
  ost_form_entry_values: ['entry_id', 'field_id'],
  ost_file_chunk: ['file_id', 'chunk_id'],
  ost__search: ['object_type', 'object_id'],
  ost_session: ['session_id'],
  ost_syslog: ['log_id'],
  ost_staff: ['staff_id'],
  ost_user__cdata: ['user_id'],
  ost_ticket__cdata: ['ticket_id'],
  ost_task__cdata: ['task_id'],
  ost_organization__cdata: ['org_id'],
}

/** Types of objects that a form, a thread, an attachment, an event or the search index point at by number. */
export type ObjectType = 'U' | 'T' | 'A' | 'O' | 'H' | 'C' | 'D' | 'S'

export interface Entry {
  readonly id: number
  readonly thread: number
  readonly user?: number
  readonly staff?: number
  readonly type?: 'M' | 'R' | 'N'
  readonly poster: string
  readonly title?: string
  readonly body: string
  readonly ip?: string
  readonly recipients?: string
  /** Where given, the mail it came as. */
  readonly headers?: string
  /** Its words in the search index; left out, its body. */
  readonly found?: string
}

export class OsTicket {
  readonly rows = new MarkedRows((table) => keys[table] ?? ['id'])
  readonly #next = new Map<string, number>()

  add(table: string, row: MarkedRow): void {
    this.rows.add(`ost_${table}`, row)
  }

  /** For rows whose number nothing points at; they begin where no chosen number lies. */
  number(table: string): number {
    const id = this.#next.get(table) ?? 9001
    this.#next.set(table, id + 1)
    return id
  }

  user(id: number, name: string, addresses: readonly [id: number, address: string][], org = 0): void {
    this.add('user', { id, org_id: org, default_email_id: addresses[0]?.[0] ?? 0, status: 0, name, ...both })
    for (const [email, address] of addresses) this.add('user_email', { id: email, user_id: id, address })
  }

  form(id: number, type: ObjectType, object: number, answers: Readonly<Record<number, MarkedRow>>): void {
    this.add('form_entry', { id, form_id: 1, object_id: object, object_type: type, ...both })
    for (const [field, answer] of Object.entries(answers))
      this.add('form_entry_values', { entry_id: id, field_id: Number(field), ...answer })
  }

  ticket(id: number, user: number, email: number, ip: string): void {
    this.add('ticket', {
      ticket_id: id,
      number: `10${id}`,
      user_id: user,
      user_email_id: email,
      ip_address: ip,
      source: 'Email',
      ...both,
    })
  }

  thread(id: number, type: ObjectType, object: number): void {
    this.add('thread', { id, object_id: object, object_type: type, created: at })
  }

  collaborator(id: number, thread: number, user: number): void {
    this.add('thread_collaborator', { id, thread_id: thread, user_id: user, ...both })
  }

  entry(entry: Entry): void {
    this.add('thread_entry', {
      id: entry.id,
      thread_id: entry.thread,
      staff_id: entry.staff ?? 0,
      user_id: entry.user ?? 0,
      type: entry.type ?? 'M',
      poster: entry.poster,
      title: entry.title ?? null,
      body: entry.body,
      ip_address: entry.ip ?? '',
      recipients: entry.recipients ?? null,
      ...both,
    })
    if (entry.headers !== undefined)
      this.add('thread_entry_email', {
        id: this.number('thread_entry_email'),
        thread_entry_id: entry.id,
        mid: `<${entry.id}@mail.example>`,
        headers: entry.headers,
      })
    this.indexed('H', entry.id, entry.title ?? '', entry.found ?? entry.body)
  }

  indexed(type: ObjectType, object: number, title: string, content: string): void {
    this.add('_search', { object_type: type, object_id: object, title, content })
  }

  event(
    id: number,
    thread: number,
    who: readonly ['U' | 'S', number, string],
    data: string | null = null,
  ): void {
    const [uid_type, uid, username] = who
    const zero = { staff_id: 0, team_id: 0, dept_id: 0, topic_id: 0 }
    const what = { thread_id: thread, thread_type: 'T', event_id: 1, data, timestamp: at }
    this.add('thread_event', { id, ...what, ...zero, uid, uid_type, username })
  }

  /** One row for each piece of its content. */
  file(id: number, name: string, pieces: readonly string[]): void {
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
    const signature = `sig-${id}`
    this.add('file', { id, name, type: 'text/plain', size, key: `key-${id}`, signature, created: at })
    for (const [n, filedata] of pieces.entries())
      this.add('file_chunk', { file_id: id, chunk_id: n, filedata })
  }

  attached(
    id: number,
    type: ObjectType | 'F',
    object: number,
    file: number,
    name: string | null = null,
  ): void {
    this.add('attachment', { id, object_id: object, type, file_id: file, name })
  }

  note(id: number, ext: string, body: string): void {
    this.add('note', { id, staff_id: 11, ext_id: ext, body, ...both })
  }

  draft(id: number, namespace: string, body: string): void {
    this.add('draft', { id, staff_id: 11, namespace, body, ...both })
  }
}
