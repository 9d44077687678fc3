import { statfsSync } from "node:fs"
import { chown, mkdtemp, symlink } from "node:fs/promises"
import { join } from "node:path"
import { dataFolder } from "./layout.ts"
import { reachableTemporaryFolder } from "./reachableTemporaryFolder.ts"
import type { ServerUser } from "./ServerUser.ts"

const sharedMemory = "/dev/shm"
const enough = 4 * 1024 ** 3

/** Whether there is a file system in memory, and room on it: containers often give it 64 MB. */
const hasRoomInMemory = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(sharedMemory)
    return Math.min(bavail * bsize, process.availableMemory()) > enough
  } catch {
    return false
  }
}

/**
 * Makes the folder of a cluster, closed to all others, and gives all that is to be removed in the end, itself first.
 *
 * A cluster that need not be durable has its data in memory if it can: a thousand files, and three hundred for each
 * database. ext4 takes a second to make as many when as many were deleted half a minute ago, which is what test runs do.
 */
export const makeClusterFolder = async (
  user: ServerUser,
  isDurable: boolean,
): Promise<readonly [folder: string, ...others: ReadonlyArray<string>]> => {
  const make = async (parent: string) => {
    const folder = await mkdtemp(join(parent, "mooring-postgres-"))
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid)
    return folder
  }
  const folder = await make(reachableTemporaryFolder(user))
  if (isDurable || !hasRoomInMemory()) return [folder]
  const data = await make(sharedMemory)
  await symlink(data, dataFolder(folder))
  return [folder, data]
}
