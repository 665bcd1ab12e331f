import { type Hers, php, type Rows, row } from './mautic.ts'
import { ann, at, born } from './mautic-people.ts'

const { address } = ann

/** Colleagues, companies, tags, addresses, segments. Company and colleague 12 have Ann's number. */
export const office = (hers: Hers): Rows => [
  row('roles', { id: 1, name: 'Staff' }),
  row('users', {
    id: 5,
    ...born,
    role_id: 1,
    username: 'eva',
    password: 'bcrypt',
    first_name: 'Eva',
    last_name: 'Berg',
    email: 'eva@us.example',
  }),
  row('users', {
    id: 12,
    ...born,
    role_id: 1,
    username: 'omar',
    password: 'bcrypt',
    first_name: 'Omar',
    last_name: 'Said',
    email: 'omar@us.example',
    signature: `Regards, Omar (desk of ${hers(address)})`,
  }),
  row('stages', { id: 1, ...born, name: 'new' }),
  row('companies', {
    id: 12,
    ...born,
    companyname: 'North Sea',
    companyemail: 'info@north.example',
    companydescription: `Ask ${hers('Ann Lée')} first, not Bob Vos`,
    social_cache: php({ by: `${hers('Ann Lée')} – Zoë` }),
  }),
  row('companies', { id: 13, ...born, companyname: 'South Sea', companyemail: 'info@south.example' }),
  row('ip_addresses', {
    id: 1,
    ip_address: '198.51.100.12',
    ip_details: php({ city: 'Delft', country: 'Netherlands' }),
  }),
  row('ip_addresses', { id: 2, ip_address: '203.0.113.7', ip_details: php({ city: 'Delft', extra: '' }) }),
  row('ip_addresses', { id: 3, ip_address: '203.0.113.9' }),
  row('ip_addresses', { id: 4, ip_address: '203.0.113.44' }),
  row('ip_addresses', { id: 5, ip_address: '198.51.100.55' }),
  row('lead_tags', { id: 1, tag: 'newsletter' }),
  row('lead_tags', { id: 2, tag: `VIP ${hers('Ann Lée')}`, description: 'very important' }),
  row('lead_tags', { id: 3, tag: 'fair' }),
  row('lead_lists', {
    id: 81,
    ...born,
    name: 'Tea',
    alias: 'tea',
    filters: php([
      { glue: 'and', field: 'email', operator: '=', filter: hers(address), n: 1 },
      { glue: 'or', field: 'lastname', operator: '=', filter: 'Lée' },
    ]),
  }),
  row('imports', {
    id: 71,
    ...born,
    dir: '/var/www/var/tmp/imports',
    file: '20260302.csv',
    original_file: `${hers(address)} (fair).csv`,
    properties: `{"headers":["email"],"defaults":{"owner":null},"note":"${hers('ann.lee\\u0040post.example')}","n":1.50}`,
  }),
  row('notifications', {
    id: 1,
    user_id: 5,
    type: 'info',
    header: 'Import',
    message: `<a href="/s/contacts/view/12">${hers('Ann&nbsp;L&eacute;e')}</a> &lt;${hers('ann.lee&#64;post.example')}&gt; was met twice; Joann Leeson too`,
    date_added: at,
  }),
  row('notifications', {
    id: 2,
    user_id: 12,
    type: 'info',
    header: 'Joann Leeson',
    message: 'joann.lee@post.example came in',
    date_added: at,
  }),
]
