import { rm } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { LetheError } from '../../base/errors.ts'

/** The file a row names, below its store's folder; a name that leads elsewhere throws `refused`. */
export function mediaPath(folder: string, name: string): string {
  const path = resolve(folder, name)
  const inside = relative(folder, path)
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside))
    throw new LetheError('refused', 'a row names a file outside the folder of its store', {
      hint: 'Look at the row; nothing outside the folder named in stores.yaml is ever touched.',
    })
  return path
}

/** Removes files; one that is gone already is no failure. */
export async function removeMedia(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true })
}
