// npm run check: types, lint, format, architecture. Seconds, not minutes; every check runs, the first failure does not hide the next.
import { spawnSync } from 'node:child_process'

const checks = [
  ['types', 'tsc', []],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings', 'src', 'test']],
  ['format', 'biome', ['ci', '--linter-enabled=false', '--assist-enabled=false', '.']],
  ['architecture', 'vitest', ['run', '--project', 'plain', 'test/architecture']],
]
let failed = 0
for (const [name, command, args] of /** @type {[string, string, string[]][]} */ (checks)) {
  const started = Date.now()
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) failed++
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
}
process.exit(failed ? 1 : 0)
