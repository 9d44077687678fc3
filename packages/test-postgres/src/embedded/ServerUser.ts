import { readFileSync } from "node:fs"

/** As whom the server runs: options of `spawn`, empty for "as we do". */
export type ServerUser = { readonly uid: number; readonly gid: number } | Record<string, never>

/** Finds the user in the text of /etc/passwd; see passwd(5). */
export const findServerUser = (passwd: string): ServerUser | undefined => {
  const users = passwd.split("\n").map((line) => line.split(":"))
  const user = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody")
  return user === undefined ? undefined : { uid: Number(user[2]), gid: Number(user[3]) }
}

/**
 * PostgreSQL refuses to run as root, and wants its user to have a name. `nobody` exists everywhere: no test has to
 * create a user.
 */
export const serverUser = (): ServerUser => {
  if (process.getuid?.() !== 0) return {}
  const user = findServerUser(readFileSync("/etc/passwd", "utf8"))
  if (user !== undefined) return user
  throw new Error(
    "PostgreSQL does not run as root, and /etc/passwd has neither `postgres` nor `nobody`: " +
      "run the tests as another user, or set DATABASE_URL to a server of yours",
  )
}
