import { consolePath } from "../consolePath.ts"
import type { Settings } from "../Settings.ts"
import { keptIn } from "./keptIn.ts"

/** What the reader should know beforehand: how open this host is, for whom the walk acts, and what stays of it. */
export const introduction = (
  url: string,
  { allowLoopback, database, keys, stdio, tokens }: Settings,
): string => {
  const [[token, actor] = []] = tokens ?? []
  const rows: ReadonlyArray<readonly [setting: string, meaning: string]> = [
    stdio === "any"
      ? ["STDIO=any", "any program may be started as an MCP server: on a machine of your own only"]
      : ["STDIO=off", "no program is started as an MCP server"],
    allowLoopback
      ? ["ALLOW_LOOPBACK=1", "MCP servers may be on this machine, which a host in production refuses"]
      : ["ALLOW_LOOPBACK=0", "MCP servers have public addresses, as for a host in production"],
    actor === undefined
      ? ["DEMO_TOKENS unset", "every request acts for the same single user"]
      : [
          "DEMO_TOKENS set",
          `the walk sends "Bearer ${token}" and so is ${actor.userId} of ${actor.organizationId}`,
        ],
    ["DATABASE_URL", `what is registered is kept in ${keptIn(database) ?? "memory, until the host stops"}`],
    keys === undefined
      ? ["MOORING_KEY unset", "its secrets are encrypted with the key in .mooring/key, which the host made"]
      : ["MOORING_KEY set", "its secrets are encrypted with the first of these keys"],
  ]
  return [
    "",
    `Open ${url}${consolePath}/ in a browser to see its servers and run their tools there.`,
    "",
    "What a user does with Mooring, one HTTP request after the other. This host runs with",
    "",
    ...rows.map(([setting, meaning]) => `  ${setting.padEnd(20)}${meaning}`),
  ].join("\n")
}
