import { isMarked } from './marks.ts'
import { encoded, type MailPart, mailParts, type NewMessage } from './rt-mail.ts'

/*
 * Writes rows the way Request Tracker 5 writes them (RT::User, RT::Group, RT::Ticket, RT::Transaction, RT::Attachment), so that
 * its own validator would find nothing to say. Texts may be marked (marks.ts).
 */
export type RtValue = string | number | null
export type RtRow = { readonly id: number } & Readonly<Record<string, RtValue>>

export interface NewUser {
  readonly name: string
  readonly email: string | null
  readonly realName: string
  readonly staff?: boolean
  readonly by?: number
  readonly more?: Readonly<Record<string, string>>
}

export interface NewTicket {
  readonly queue: number
  readonly subject: string
  readonly requestors: readonly number[]
  readonly cc?: readonly number[]
  readonly adminCc?: readonly number[]
  readonly owner?: number
  readonly by: number
}

const roles = ['Requestor', 'Cc', 'AdminCc', 'Owner'] as const

export class Rt {
  readonly tables = new Map<string, RtRow[]>()
  readonly #groups = new Map<string, number>()
  #now = Date.parse('2026-03-02T08:00:00Z')
  readonly system: number
  readonly nobody: number

  constructor() {
    this.system = this.#principal('User')
    for (const name of ['Everyone', 'Privileged', 'Unprivileged']) this.group('SystemInternal', name, null)
    this.#account(this.system, { name: 'RT_System', email: null, realName: 'The RT System itself', by: 1 })
    this.nobody = this.user({ name: 'Nobody', email: null, realName: 'Nobody in particular', by: 1 })
  }

  add(table: string, row: Readonly<Record<string, RtValue>>): number {
    const rows = this.tables.get(table) ?? []
    this.tables.set(table, rows)
    const id = Number(row['id'] ?? rows.length + 1)
    rows.push({ ...row, id })
    return id
  }

  #stamp(by: number): { creator: number; created: string; lastupdatedby: number; lastupdated: string } {
    const { creator, created } = this.#made(by)
    return { creator, created, lastupdatedby: by, lastupdated: created }
  }

  #made(by: number): { creator: number; created: string } {
    this.#now += 60_000
    return { creator: by, created: new Date(this.#now).toISOString().slice(0, 19).replace('T', ' ') }
  }

  /** Users and groups share one series of numbers. */
  #principal(principaltype: 'User' | 'Group'): number {
    return this.add('principals', { principaltype, disabled: 0 })
  }

  user(input: NewUser): number {
    const id = this.#principal('User')
    this.#account(id, input)
    return id
  }

  #account(id: number, input: NewUser): void {
    const by = input.by ?? this.system
    this.add('users', {
      id,
      name: input.name,
      password: input.staff ? `!bcrypt!10!${'x'.repeat(53)}` : '*NO-PASSWORD*',
      emailaddress: input.email,
      realname: input.realName,
      ...input.more,
      ...this.#stamp(by),
    })
    const equivalence = this.group('ACLEquivalence', 'UserEquiv', id, `ACL equiv. for user ${id}`)
    this.member(equivalence, id)
    this.member(this.groupNamed('SystemInternal', 'Everyone', null), id)
    this.member(this.groupNamed('SystemInternal', input.staff ? 'Privileged' : 'Unprivileged', null), id)
    this.transaction({ objecttype: 'RT::User', objectid: id, type: 'Create', by })
  }

  group(domain: string, name: string, instance: number | null, description = ''): number {
    const id = this.#principal('Group')
    this.add('groups', { id, domain, name, instance, description, ...this.#stamp(1) })
    this.#groups.set(`${domain}\0${name}\0${instance}`, id)
    this.#cached(id, id, id)
    return id
  }

  groupNamed(domain: string, name: string, instance: number | null): number {
    const id = this.#groups.get(`${domain}\0${name}\0${instance}`)
    if (id === undefined) throw new Error(`there is no group ${domain} ${name} ${instance}`)
    return id
  }

  member(group: number, principal: number): void {
    this.add('groupmembers', { groupid: group, memberid: principal, ...this.#stamp(1) })
    this.#cached(group, principal, group)
  }

  /** First-level rows of RT's closure: `via` is the row itself. */
  #cached(groupid: number, memberid: number, immediateparentid: number): void {
    const via = (this.tables.get('cachedgroupmembers')?.length ?? 0) + 1
    this.add('cachedgroupmembers', { groupid, memberid, via, immediateparentid, disabled: 0 })
  }

  queue(name: string, address: string): number {
    const id = this.add('queues', {
      name,
      description: `${name} desk`,
      correspondaddress: address,
      commentaddress: `comment-${address}`,
      lifecycle: 'default',
      ...this.#stamp(1),
    })
    for (const role of roles) this.group('RT::Queue-Role', role, id)
    return id
  }

  ticket(input: NewTicket): number {
    const next = (this.tables.get('tickets')?.length ?? 0) + 1
    const owner = input.owner ?? this.nobody
    const id = this.add('tickets', {
      effectiveid: next,
      ismerged: null,
      queue: input.queue,
      type: 'ticket',
      owner,
      subject: input.subject,
      status: 'open',
      ...this.#stamp(input.by),
    })
    const people = {
      Requestor: input.requestors,
      Cc: input.cc ?? [],
      AdminCc: input.adminCc ?? [],
      Owner: [owner],
    }
    for (const role of roles) {
      const group = this.group('RT::Ticket-Role', role, id)
      for (const principal of people[role]) this.member(group, principal)
    }
    return id
  }

  /** As RT merges: the rows stay where they were, `effectiveid` leads on, the watchers join, and a link says so. */
  merge(ticket: number, into: number, by: number): void {
    this.change('tickets', ticket, { effectiveid: into, ismerged: 1 })
    for (const role of ['Requestor', 'Cc', 'AdminCc'] as const) {
      const [from, to] = [ticket, into].map((id) => this.groupNamed('RT::Ticket-Role', role, id)) as [
        number,
        number,
      ]
      const there = this.#membersOf(to)
      for (const member of this.#membersOf(from)) if (!there.includes(member)) this.member(to, member)
    }
    this.link(ticket, into, 'MergedInto', by)
  }

  #membersOf(group: number): number[] {
    const rows = this.tables.get('groupmembers') ?? []
    return rows.filter((row) => row['groupid'] === group).map((row) => Number(row['memberid']))
  }

  link(base: number, target: number, type: string, by: number): void {
    const uri = (ticket: number) => `fsck.com-rt://desk.example/ticket/${ticket}`
    this.add('links', {
      base: uri(base),
      target: uri(target),
      type,
      localbase: base,
      localtarget: target,
      ...this.#stamp(by),
    })
    this.transaction({
      objecttype: 'RT::Ticket',
      objectid: base,
      type: 'AddLink',
      field: type,
      newvalue: uri(target),
      by,
    })
  }

  change(table: string, id: number, set: Readonly<Record<string, RtValue>>): void {
    const rows = this.tables.get(table) ?? []
    const at = rows.findIndex((row) => row.id === id)
    rows[at] = { ...(rows[at] as RtRow), ...set, id }
  }

  transaction({
    by,
    ...row
  }: {
    readonly objecttype: string
    readonly objectid: number
    readonly type: string
    readonly by: number
  } & Readonly<Record<string, RtValue>>): number {
    return this.add('transactions', { timetaken: 0, ...row, ...this.#made(by) })
  }

  /** A transaction with its mail: one attachment, or a parent with its parts below it. */
  message(input: NewMessage): number {
    const number = (this.tables.get('transactions')?.length ?? 0) + 1
    const messageid = `rt-5.0.3-${4000 + number}-17.${number}@desk.example`
    const transaction = this.transaction({
      objecttype: 'RT::Ticket',
      objectid: input.ticket,
      type: input.type,
      data: input.type.endsWith('EmailRecord') ? `<${messageid}>` : null,
      by: input.by,
    })
    const attach = (parent: number, { headers, part, type }: MailPart) =>
      this.add('attachments', {
        transactionid: transaction,
        parent,
        messageid: parent === 0 ? messageid : null,
        subject: parent === 0 ? input.subject : null,
        filename: part?.fileName ?? null,
        contenttype: type,
        contentencoding: part?.encoding ?? 'none',
        content: part ? encoded(part) : null,
        headers,
        ...this.#made(input.by),
      })
    const [top, ...below] = mailParts(input, messageid)
    const parent = attach(0, top)
    for (const part of below) attach(parent, part)
    return transaction
  }

  /** Adds a value and says so in the history, as RT does. */
  customField(
    object: { readonly type: string; readonly id: number },
    field: number,
    content: string,
    by: number,
  ): void {
    const value = this.add('objectcustomfieldvalues', {
      customfield: field,
      objecttype: object.type,
      objectid: object.id,
      content,
      ...this.#stamp(by),
    })
    if (object.type === 'RT::Ticket' || object.type === 'RT::User')
      this.transaction({
        objecttype: object.type,
        objectid: object.id,
        type: 'CustomField',
        field: String(field),
        newvalue: content,
        referencetype: 'RT::ObjectCustomFieldValue',
        newreference: value,
        by,
      })
  }

  attribute(
    object: { readonly type: string; readonly id: number },
    name: string,
    content: string,
    by: number,
  ): void {
    this.add('attributes', {
      name,
      content,
      contenttype: '',
      objecttype: object.type,
      objectid: object.id,
      ...this.#stamp(by),
    })
  }

  /** Rows in which something is marked as hers: `table/id` and the row. */
  *marked(): Generator<readonly [string, RtRow]> {
    for (const [table, rows] of this.tables)
      for (const row of rows)
        if (Object.values(row).some((value) => typeof value === 'string' && isMarked(value)))
          yield [`${table}/${row.id}`, row]
  }

  row(place: string): RtRow | undefined {
    const [table, id] = place.split('/') as [string, string]
    return this.tables.get(table)?.find((row) => row.id === Number(id))
  }
}
