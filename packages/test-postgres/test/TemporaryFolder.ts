import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { join } from "node:path"
import { reachableTemporaryFolder } from "../src/embedded/reachableTemporaryFolder.ts"
import { serverUser } from "../src/embedded/ServerUser.ts"

/** A folder to be TMPDIR, so that all that a server leaves is found in it. */
export interface TemporaryFolder extends Disposable {
  readonly path: string
  readonly entries: () => ReadonlyArray<string>
}

export const temporaryFolder = (): TemporaryFolder => {
  const path = mkdtempSync(join(reachableTemporaryFolder(serverUser()), "test-postgres-"))
  // Open to the user as whom the server runs.
  chmodSync(path, 0o755)
  return {
    path,
    entries: () => readdirSync(path),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

export interface FoundServer {
  readonly pid: number
  /** Where its data really is: it may be linked to. */
  readonly data: string
}

/** The servers whose folders are in a temporary folder. */
export const serversIn = (folder: string): ReadonlyArray<FoundServer> =>
  readdirSync(folder)
    .map((entry) => join(folder, entry, "data"))
    .filter((data) => existsSync(join(data, "postmaster.pid")))
    .map((data) => ({
      pid: Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10),
      data: realpathSync(data),
    }))
