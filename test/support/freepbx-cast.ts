import type { Call } from './freepbx.ts'

const rec = (day: string, name: string) => `monitor/${day}/${name}.wav`
const clid = (number: string) => `"Ann Lee" <${number}>`

/** Her calls: one of several legs through a queue, one dialled with a 9, one over midnight, one to voice mail, one without a number. */
const annsCalls: readonly Call[] = [
  {
    id: '1762331001.1',
    at: '2026-11-05 10:10:10',
    legs: [
      {
        src: '0612345678',
        dst: '600',
        did: '0201234567',
        clid: clid('0612345678'),
        cnum: '0612345678',
        cnam: 'Ann Lee',
        channel: 'PJSIP/trunk-00000001',
        dstchannel: 'Local/101@from-queue-00000001;1',
        lastapp: 'Queue',
        recordingfile: 'q-600-0612345678-20261105-101010-1762331001.1.wav',
      },
      // Between our own telephones: nothing of hers in it.
      {
        uniqueid: '1762331001.2',
        src: '600',
        dst: '101',
        channel: 'Local/101@from-queue-00000001;2',
        dstchannel: 'PJSIP/101-00000002',
      },
      // Written twice, to the last byte.
      {
        uniqueid: '1762331001.3',
        src: '101',
        dst: '102',
        lastapp: 'Dial',
        lastdata: 'PJSIP/102,20',
        duration: 33,
      },
      {
        uniqueid: '1762331001.3',
        src: '101',
        dst: '102',
        lastapp: 'Dial',
        lastdata: 'PJSIP/102,20',
        duration: 33,
      },
      {
        uniqueid: '1762331001.4',
        src: '0612345678',
        dst: '102',
        recordingfile: 'q-600-0612345678-20261105-101010-1762331001.1.wav',
      },
    ],
    events: [
      {
        eventtype: 'CHAN_START',
        cid_num: '0612345678',
        cid_name: 'Ann Lee',
        exten: '0201234567',
        channame: 'PJSIP/trunk-00000001',
      },
      {
        eventtype: 'APP_START',
        appname: 'MixMonitor',
        appdata: '2026/11/05/q-600-0612345678-20261105-101010-1762331001.1.wav',
        uniqueid: '1762331001.1',
      },
      {
        eventtype: 'CHAN_START',
        cid_num: '101',
        exten: '101',
        channame: 'PJSIP/101-00000002',
        uniqueid: '1762331001.2',
      },
    ],
    queue: [
      { event: 'ENTERQUEUE', data2: '0612345678', data3: '1' },
      { event: 'CONNECT', agent: 'Local/101@from-queue', data1: '7', data2: '1762331001.2' },
      { event: 'COMPLETECALLER', data1: '7', data2: '33' },
    ],
    files: [rec('2026/11/05', 'q-600-0612345678-20261105-101010-1762331001.1')],
  },
  {
    id: '1762331002.1',
    at: '2026-11-06 09:00:00',
    legs: [
      {
        src: '101',
        dst: '90612345678',
        outbound_cnum: '0201234567',
        channel: 'PJSIP/101-00000003',
        dstchannel: 'PJSIP/trunk-00000004',
        lastapp: 'Dial',
        lastdata: 'PJSIP/0612345678@trunk,300,T',
        recordingfile: 'out-90612345678-101-20261106-090000-1762331002.1.wav',
      },
    ],
    events: [
      { eventtype: 'CHAN_START', cid_num: '101', exten: '90612345678', channame: 'PJSIP/101-00000003' },
    ],
    files: [rec('2026/11/06', 'out-90612345678-101-20261106-090000-1762331002.1')],
  },
  {
    id: '1762331003.1',
    at: '2026-10-31 23:59:58',
    legs: [
      {
        src: '+31612345678',
        cnum: '+31612345678',
        dst: '101',
        did: '0201234567',
        recordingfile: 'external-101-+31612345678-20261101-000001-1762331003.1.wav',
      },
    ],
    // The recording began after midnight, so it lies with the next day.
    files: [rec('2026/11/01', 'external-101-+31612345678-20261101-000001-1762331003.1')],
  },
  {
    id: '1762331004.1',
    at: '2026-11-07 20:00:00',
    legs: [
      {
        src: '0031612345678',
        dst: 'vmu101',
        lastapp: 'VoiceMail',
        lastdata: '101@default,u',
        did: '0201234567',
      },
    ],
  },
  {
    id: '1762331005.1',
    at: '2026-11-08 11:00:00',
    // One-touch: the name of the recording tells no number. A row may also name a recording that is long gone.
    legs: [
      {
        src: 'anonymous',
        cnum: '31612345678',
        dst: '101',
        recordingfile: 'ondemand-101-102-20261108-110000-1762331005.1.wav',
      },
      { src: '101', dst: '102', recordingfile: 'gone-101-102-20261108-110500-1762331005.1.wav' },
    ],
    files: [rec('2026/11/08', 'ondemand-101-102-20261108-110000-1762331005.1')],
  },
  { id: '1762331006.1', at: '0000-00-00 00:00:00', legs: [{ src: '0612345678', dst: '101' }] },
  // From before the column was there: no number holds its legs together.
  { id: '', at: '2012-11-12 08:00:00', legs: [{ src: '0612345678', dst: '101' }] },
]

/** Calls of hers in which an outsider took part: for a person to decide. */
const mixed: readonly Call[] = [
  {
    id: '1762332001.1',
    at: '2026-11-09 14:00:00',
    legs: [
      {
        src: '0612345678',
        dst: '800',
        lastapp: 'ConfBridge',
        recordingfile: 'conf-800-20261109-140000-1762332001.1.wav',
      },
      {
        uniqueid: '1762332001.2',
        src: '0687654321',
        dst: '800',
        lastapp: 'ConfBridge',
        recordingfile: 'conf-800-20261109-140000-1762332001.1.wav',
      },
    ],
    events: [
      { eventtype: 'CHAN_START', cid_num: '0612345678', exten: '800' },
      { eventtype: 'CHAN_START', cid_num: '0687654321', exten: '800', uniqueid: '1762332001.2' },
    ],
    files: [rec('2026/11/09', 'conf-800-20261109-140000-1762332001.1')],
  },
  {
    id: '1762332002.1',
    at: '2026-11-10 14:00:00',
    legs: [
      { src: '0612345678', dst: '101', did: '0201234567' },
      // Passed on to a mobile.
      { uniqueid: '1762332002.2', src: '0612345678', dst: '90687654321', outbound_cnum: '0201234567' },
    ],
  },
]

const bobs: readonly Call[] = [
  {
    id: '1762333001.1',
    at: '2026-11-05 10:10:10',
    legs: [
      {
        src: '0687654321',
        dst: '600',
        did: '0201234567',
        clid: '"Bob Vos" <0687654321>',
        recordingfile: 'q-600-0687654321-20261105-101010-1762333001.1.wav',
      },
      { uniqueid: '1762333001.2', src: '600', dst: '101' },
    ],
    events: [{ eventtype: 'CHAN_START', cid_num: '0687654321', exten: '0201234567' }],
    queue: [
      { event: 'ENTERQUEUE', data2: '0687654321', data3: '1' },
      { event: 'CONNECT', agent: 'Local/101@from-queue', data1: '7', data2: '1762333001.2' },
    ],
    files: [rec('2026/11/05', 'q-600-0687654321-20261105-101010-1762333001.1')],
  },
  {
    id: '1762333002.1',
    at: '2026-11-06 09:00:00',
    legs: [{ src: '101', dst: '90687654321', lastdata: 'PJSIP/0687654321@trunk,300,T' }],
  },
  // A leg like one of hers, of another call.
  {
    id: '1762333003.1',
    at: '2026-11-05 10:10:10',
    legs: [
      {
        src: '101',
        dst: '102',
        lastapp: 'Dial',
        lastdata: 'PJSIP/102,20',
        duration: 33,
        uniqueid: '1762331001.3',
      },
    ],
  },
]

export const makeCalls = (near: readonly string[]): readonly Call[] => [
  ...annsCalls,
  ...mixed,
  ...bobs,
  ...near.flatMap((number, n): Call[] => [
    { id: `17623340${n}.1`, at: '2026-11-11 08:00:00', legs: [{ src: number, cnum: number, dst: '101' }] },
    {
      id: `17623350${n}.1`,
      at: '2026-11-11 08:00:00',
      legs: [{ src: '101', dst: number }],
      queue: [{ event: 'ENTERQUEUE', data2: number }],
    },
  ]),
  {
    id: '1762336001.1',
    at: '2026-11-12 08:00:00',
    legs: [
      { src: '', dst: 's' },
      { src: '', dst: '', linkedid: '' },
    ],
  },
]
