import { hers } from './marks.ts'
import type { NewMessage, Part } from './rt-mail.ts'
import { Rt } from './rt.ts'

/*
 * A small help desk in Request Tracker. Ann is the person; around her stand, in every place she shares, people whose data must
 * stay: a colleague in copy of her ticket, staff who answer and quote her, a stranger who names her, a namesake, somebody whose
 * name, address and number hold hers, and rows of other objects that carry her number.
 */
export const ann = {
  realName: 'Ann Lee',
  email: 'Ann.Lee@Post.Example',
  /** As she writes it herself. */
  address: 'ann.lee@post.example',
  mobile: '+31 6 1234 5678',
  /** Her namesake's address begins with it. */
  login: 'ann.lee',
}

export const staffAddress = 'eva.berg@northsea.example'
export const deskAddress = 'support@northsea.example'

/** Everybody's addresses and numbers but hers. */
export const others = [
  'bob.vos@post.example',
  'omar.said@northsea.example',
  staffAddress,
  'carla@winkel.example',
  'dirk.bos@post.example',
  'joann.lee@post.example',
  'ann.lee@elders.example',
  '+31 6 8765 4321',
  '06-11223344',
]

/** Numbers of those whom the tickets are about, and of queues and custom fields. */
export interface People {
  readonly rt: Rt
  readonly support: number
  readonly moves: number
  readonly fields: {
    readonly phone: number
    readonly reached: number
    readonly room: number
    readonly seats: number
  }
  readonly eva: number
  readonly omar: number
  readonly ann: number
  readonly bob: number
  readonly carla: number
  readonly dirk: number
  readonly joann: number
  readonly namesake: number
}

export function makePeople(): People {
  const rt = new Rt()
  const support = rt.queue('Support', deskAddress)
  const moves = rt.queue('Moves', 'moves@northsea.example')
  const numbers = ['Phone', 'Reached', 'Room', 'Seats'].map((name, i) =>
    rt.add('customfields', {
      name,
      type: 'Freeform',
      maxvalues: 1,
      lookuptype:
        i === 0 ? 'RT::User' : i === 3 ? 'RT::Queue-RT::Ticket-RT::Transaction' : 'RT::Queue-RT::Ticket',
    }),
  )
  const [phone, reached, room, seats] = numbers as [number, number, number, number]
  const staff = (name: string, email: string) =>
    rt.user({ name: name.split(' ')[0]?.toLowerCase() ?? name, email, realName: name, staff: true })
  const [eva, omar] = [staff('Eva Berg', staffAddress), staff('Omar Said', 'omar.said@northsea.example')] as [
    number,
    number,
  ]
  const person = (realName: string, email: string, more: Record<string, string> = {}) =>
    rt.user({ name: email, email, realName, more })
  const ann = makeAnn(rt, eva)
  const bob = person('Bob Vos', 'bob.vos@post.example', {
    workphone: '020 555 01 00',
    mobilephone: '+31 6 8765 4321',
    comments: `shares a room with ${hers('Ann Lee')} (${hers('ann.lee@post.example')})`,
  })
  const carla = person('Carla Smit', 'carla@winkel.example')
  const dirk = person('Dirk Bos', 'dirk.bos@post.example')
  const joann = person('Joann Leeson', 'joann.lee@post.example', { mobilephone: '+31 6 1234 56789' })
  const namesake = person('Ann Lee', 'ann.lee@elders.example', { mobilephone: '+31 6 1234 5679' })
  const fields = { phone, reached, room, seats }
  return { rt, support, moves, fields, eva, omar, ann, bob, carla, dirk, joann, namesake }
}

const makeAnn = (rt: Rt, by: number): number =>
  rt.user({
    name: ann.login,
    email: ann.email,
    realName: ann.realName,
    by,
    more: {
      mobilephone: ann.mobile,
      // The switchboard of the firm, which Bob has too.
      workphone: '020 555 01 00',
      address1: 'Havenkade 12',
      city: 'Amsterdam',
      organization: 'Waterland Bouw',
      comments: 'prefers to be called in the morning',
      signature: 'Ann Lee, Waterland Bouw',
      authtoken: 'c0ffee',
      nickname: 'Ann',
    },
  })

/** What hangs on accounts: history, extra fields, preferences, tokens, a group with rights. */
export function makeAccounts({ rt, fields, eva, ann: annId, bob, support }: People): void {
  const friends = rt.group('UserDefined', 'Waterland key users', null, 'Key users of a customer')
  for (const member of [annId, bob]) rt.member(friends, member)

  const history = (set: Record<string, string | null>, by: number) =>
    rt.transaction({ objecttype: 'RT::User', objectid: annId, type: 'Set', by, ...set })
  history({ field: 'EmailAddress', oldvalue: 'ann.old@post.example', newvalue: ann.email }, eva)
  history({ field: 'MobilePhone', oldvalue: null, newvalue: ann.mobile }, annId)
  rt.customField({ type: 'RT::User', id: annId }, fields.phone, '06-12345678', eva)
  rt.customField({ type: 'RT::User', id: bob }, fields.phone, '+31 6 8765 4321', eva)
  rt.attribute({ type: 'RT::User', id: annId }, 'Pref-RT::System-1', 'signature of Ann Lee', annId)
  rt.attribute({ type: 'RT::User', id: bob }, 'Pref-RT::System-1', 'bob likes it dark', bob)
  for (const [owner, description] of [
    [annId, 'the laptop of Ann Lee'],
    [bob, 'script of Bob'],
  ] as const)
    rt.add('authtokens', { owner, token: `t-${owner}`, description, creator: owner })
  rt.add('acl', {
    principaltype: 'Group',
    principalid: friends,
    rightname: 'SeeQueue',
    objecttype: 'RT::Queue',
    objectid: support,
  })
}

type Loose = Omit<NewMessage, 'to' | 'from'> & { readonly to?: string; readonly from?: string }

export const tell = (rt: Rt, message: Loose): number =>
  rt.message({ from: 'x@northsea.example', to: deskAddress, ...message })

export const text = (content: string, encoding: Part['encoding'] = 'none'): Part[] => [
  { type: 'text/plain', content, encoding },
]

export const hersMarked = `"${hers(ann.realName)}" <${hers(ann.address)}>`
