import { statSync } from "node:fs"
import { dirname } from "node:path"

const othersMay = (path: string, bits: number) => (statSync(path).mode & bits) === bits

/** Whether every user may go to a folder and read what is in it. Symbolic links must have been resolved. */
export const isReachable = (folder: string): boolean =>
  othersMay(folder, 0o005) && isPassable(dirname(folder))

const isPassable = (folder: string): boolean =>
  othersMay(folder, 0o001) && (folder === dirname(folder) || isPassable(dirname(folder)))
