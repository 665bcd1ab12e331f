import type { Command } from 'commander'
import type { Io } from '../../io.ts'
import { addRequest } from './add.ts'
import { clockVerbs } from './clock.ts'
import { decideVerbs } from './decide.ts'
import { endVerbs } from './end.ts'
import { evidenceVerbs } from './evidence.ts'
import { othersVerb } from './others.ts'
import { takePackage } from './package.ts'
import { readVerbs } from './read.ts'
import { settleVerbs } from './settle.ts'
import { verifyRequest } from './verify.ts'

/** `lethe request`: the officer's verbs, one file each. */
export function request(program: Command, io: Io): void {
  const group = program.command('request').description('data-subject requests')
  addRequest(group, io)
  readVerbs(group, io)
  verifyRequest(group, io)
  decideVerbs(group, io)
  clockVerbs(group, io)
  endVerbs(group, io)
  takePackage(group, io)
  evidenceVerbs(group, io)
  settleVerbs(group, io)
  othersVerb(group, io)
}
