import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { mustNotSkip } from './servers.ts'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const found = places.find((path) => existsSync(path))

/** Why there is no browser to test with; undefined when there is one. */
export function browserMissing(): string | undefined {
  if (found) return undefined
  const reason = 'no Chromium on this machine (apt-get install chromium)'
  if (mustNotSkip) throw new Error(`${reason}; LETHE_TEST_NO_SKIP=1 wants every suite to run`)
  return reason
}

/** A headless browser that talks to nobody but the pages it is sent to. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: found as string,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
