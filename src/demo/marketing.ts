import { type Instant, plusMs } from '../base/instant.ts'
import { castSubscribers, castUnsubscribed, lists } from './cast-marketing.ts'
import { cast, castSize, type Language } from './cast.ts'
import { type Population, spellEmail } from './people.ts'
import { randomFor, type Random } from './random.ts'
import type { Cell, Sink } from './sink.ts'

const dayMs = 86_400_000
const topic = 31

export interface MarketingPlan {
  readonly people: Population
  readonly seed: number
  readonly now: Instant
}

type Insert = (...cells: Cell[]) => void
interface Rows {
  readonly subscriber: Insert
  readonly subscription: Insert
  readonly send: Insert
  readonly click: Insert
  readonly unsubscribed: Insert
}

/** Forty campaigns, one every three weeks: the oldest are past the two years for which sends are kept. */
const campaignCount = 40
const campaignAt = (id: number, now: Instant): Instant =>
  plusMs(now, -(1 + (campaignCount - id) * 21) * dayMs)
const listOf = (campaign: number): number => 1 + (campaign % lists.length)

const subjects: Record<Language, readonly [string, ...string[]]> = {
  nl: ['Nieuws van deze maand', 'Zo werkt het sneller', 'Alleen deze week'],
  en: ['This month’s news', 'A quicker way to work', 'This week only'],
  da: ['Månedens nyt', 'Sådan går det hurtigere', 'Kun i denne uge'],
}

/** Lists and campaigns, the cast, then the drawn subscribers with what they were sent and clicked. */
export async function fillMarketing(sink: Sink, plan: MarketingPlan): Promise<void> {
  const list = sink.into('lists', 'id, name, language')
  const campaign = sink.into('campaigns', 'id, list_id, subject, sent_at')
  for (const one of lists) list(one.id, one.name, one.language)
  for (let id = 1; id <= campaignCount; id++) {
    const language = lists[listOf(id) - 1]?.language ?? 'en'
    campaign(id, listOf(id), subjects[language][id % 3] ?? subjects[language][0], campaignAt(id, plan.now))
  }
  const rows: Rows = {
    subscriber: sink.into(
      'subscribers',
      'id, email, name, language, status, source, signup_ip, consented_at',
    ),
    subscription: sink.into('subscriptions', 'subscriber_id, list_id, status, started_at, ended_at'),
    send: sink.into('sends', 'id, campaign_id, subscriber_id, address, outcome, sent_at'),
    click: sink.into('clicks', 'send_id, url, ip_address, clicked_at'),
    unsubscribed: sink.into('unsubscribed', 'address, list_id, reason, unsubscribed_at'),
  }
  const counter = { send: 0 }
  await sink.load(theCast(rows, plan, counter))
  await sink.load(drawn(rows, plan, counter))
}

function* theCast(rows: Rows, plan: MarketingPlan, counter: { send: number }) {
  const ago = (days: number) => plusMs(plan.now, -days * dayMs)
  for (const known of castSubscribers) {
    const id = cast[known.who].subscriberId ?? 0
    const random = randomFor(plan.seed, topic, id - 1)
    const since = ago(Math.max(...known.lists.map((one) => one.daysAgo)))
    const language = cast[known.who].language
    rows.subscriber(id, known.email, known.name, language, known.status, 'web form', '203.0.113.7', since)
    for (const one of known.lists) {
      const ended = one.endedDaysAgo === undefined ? null : ago(one.endedDaysAgo)
      rows.subscription(id, one.id, ended ? 'ended' : 'active', ago(one.daysAgo), ended)
      const to = { id, address: known.email, list: one.id, from: ago(one.daysAgo), until: ended ?? plan.now }
      sends(rows, plan.now, to, random, counter)
    }
    yield
  }
  for (const one of castUnsubscribed)
    yield rows.unsubscribed(one.address, one.list, one.reason, ago(one.daysAgo))
}

function* drawn(rows: Rows, { people, seed, now }: MarketingPlan, counter: { send: number }) {
  for (let index = castSize; index < people.size; index++) {
    const person = people.person(index)
    const random = randomFor(seed, topic, index)
    const email = spellEmail(person.email, random, true)
    const leftAt = plusMs(now, -random.int(1, 300) * dayMs)
    // Some left long ago: their address is all that is known of them here.
    if (!person.inMarketing) {
      if (random.chance(0.02)) yield rows.unsubscribed(email, null, null, leftAt)
      continue
    }
    const left = random.chance(0.08)
    const status = left ? 'unsubscribed' : random.chance(0.03) ? 'bounced' : 'active'
    const from = plusMs(now, -random.int(310, 1200) * dayMs)
    const ip = random.chance(0.7) ? `203.0.113.${random.int(1, 254)}` : null
    const name = random.chance(0.8) ? person.name : null
    const source = random.pick(['web form', 'order', 'trade fair'])
    rows.subscriber(person.id, email, name, person.language, status, source, ip, from)
    const home = lists.find((one) => one.language === person.language)?.id ?? 2
    for (const list of person.language === 'nl' && random.chance(0.3) ? [home, 4] : [home]) {
      rows.subscription(person.id, list, left ? 'ended' : 'active', from, left ? leftAt : null)
      sends(
        rows,
        now,
        { id: person.id, address: email, list, from, until: left ? leftAt : now },
        random,
        counter,
      )
    }
    if (left) rows.unsubscribed(email, null, random.chance(0.3) ? 'too many mails' : null, leftAt)
    yield
  }
}

interface Recipient {
  readonly id: number
  readonly address: string
  readonly list: number
  readonly from: Instant
  readonly until: Instant
}

/** Every campaign of the list while the person was on it; one in six mails is clicked, and the link carries the address. */
function sends(rows: Rows, now: Instant, to: Recipient, random: Random, counter: { send: number }) {
  for (let campaign = 1; campaign <= campaignCount; campaign++) {
    const sentAt = campaignAt(campaign, now)
    if (listOf(campaign) !== to.list || sentAt < to.from || sentAt > to.until) continue
    const id = ++counter.send
    const opened = random.chance(0.45)
    rows.send(
      id,
      campaign,
      to.id,
      to.address,
      opened ? 'opened' : random.chance(0.02) ? 'bounced' : 'delivered',
      sentAt,
    )
    if (!opened || !random.chance(0.4)) continue
    const url = `https://news.lethe.example/c/${campaign}?m=${encodeURIComponent(to.address)}`
    rows.click(id, url, `203.0.113.${random.int(1, 254)}`, plusMs(sentAt, random.int(60, 72 * 3600) * 1000))
  }
}
