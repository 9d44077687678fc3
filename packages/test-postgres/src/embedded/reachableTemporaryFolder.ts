import { realpathSync } from "node:fs"
import { tmpdir } from "node:os"
import { isReachable } from "./isReachable.ts"
import type { ServerUser } from "./ServerUser.ts"

/** Where temporary files go; when the server runs as another user than we, then where that one may go, too. */
export const reachableTemporaryFolder = (user: ServerUser): string => {
  const configured = realpathSync(tmpdir())
  return user.uid === undefined || isReachable(configured) ? configured : "/tmp"
}
