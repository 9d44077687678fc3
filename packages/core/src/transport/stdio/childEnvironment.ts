import * as Redacted from "effect/Redacted"
import type { StdioConfig } from "../../servers/ServerConfig.ts"

/** What a program needs to run at all. Everything else of the host's environment, its secrets first, stays away. */
const inherited =
  process.platform === "win32"
    ? [
        "APPDATA",
        "HOMEDRIVE",
        "HOMEPATH",
        "LOCALAPPDATA",
        "PATH",
        "PATHEXT",
        "SYSTEMDRIVE",
        "SYSTEMROOT",
        "TEMP",
        "USERNAME",
        "USERPROFILE",
      ]
    : ["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"]

/** The environment of a command: a few variables of the host's and those that the config names. */
export const childEnvironment = (env: StdioConfig["env"]): Record<string, string> => {
  const result: Record<string, string> = {}
  for (const name of inherited) {
    const value = process.env[name]
    if (value !== undefined) result[name] = value
  }
  for (const [name, value] of Object.entries(env ?? {})) result[name] = Redacted.value(value)
  return result
}
