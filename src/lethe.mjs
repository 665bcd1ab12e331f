#!/usr/bin/env node
// Imports nothing before it has looked at the Node version: the database driver ends an old one without a word.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `lethe: this is Node ${process.versions.node}, expected 22.18 or newer.\n` +
      'Start it with npx lethe, npm start or npm run lethe -- …: npm ci brings the Node it needs.\n',
  )
  process.exit(2)
}
// Compiled once, not at every command: keeps what was parsed in the system's temporary folder.
const { enableCompileCache } = await import('node:module')
enableCompileCache?.()
const { lethe } = await import('./cli/lethe.ts')
process.exitCode = await lethe(process.argv.slice(2))
