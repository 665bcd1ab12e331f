export const at = '2026-03-02 08:00:00'
export const born = { date_added: at, created_by: 5, created_by_user: 'Eva Berg' }
/** Most of the columns of an entry in the audit log. */
export const staff = {
  user_id: 5,
  user_name: 'Eva Berg',
  bundle: 'lead',
  date_added: at,
  ip_address: '192.0.2.5',
}

export const ann = {
  /** Her number as a contact; as company, colleague, form, submission, note it is somebody else's. */
  id: 12,
  address: 'ann.lee@post.example',
  /** Before a merge. */
  old: 'ann@lee-old.example',
  mobile: '+31612345678',
}
export const others = ['bob.vos@post.example', '687654321', 'joann.lee@post.example']

/** Two numbers that are one as doubles. */
export const [annsStat, bobsStat] = ['9007199254740993', '9007199254740992'] as const
