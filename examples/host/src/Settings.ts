import type { ActorInput } from "@mooring/core"
import { fail } from "./fail.ts"
import { type Database, parseDatabaseUrl } from "./parseDatabaseUrl.ts"
import { parseDemoTokens } from "./parseDemoTokens.ts"

/** What an example host takes from its environment. */
export interface Settings {
  /** `PORT`, where 0 is any free one. Default: 8283, where Letta's server used to be. */
  readonly port: number
  /** `PUBLIC_URL`: where users reach the host, if that is not where it listens. */
  readonly publicUrl: string | undefined
  /** `STDIO`: whether users may have commands started. Default: any, which is for a machine of one's own. */
  readonly stdio: "any" | "off"
  /** `ALLOW_LOOPBACK=0` refuses MCP servers on this machine, as a host in production does. */
  readonly allowLoopback: boolean
  /** `DEMO_TOKENS="tokenA=org1/alice,tokenB=org2/bob"`: who a bearer token stands for. Without it, one user. */
  readonly tokens: ReadonlyMap<string, ActorInput> | undefined
  /**
   * `DATABASE_URL`: where everything is kept, `sqlite:path/to/file` or `postgres://…`. Default: the SQLite file
   * `.mooring/data.sqlite` in the working directory.
   */
  readonly database: Database
  /**
   * `MOORING_KEY`: what secrets are encrypted with, one key or several, separated by commas. Default: the one in
   * `.mooring/key`, which the host makes.
   */
  readonly keys: string | undefined
  /** `WALK=0` serves at once and prints nothing but where. */
  readonly walk: boolean
  /** `CI=true` ends the host after the walk, with code 1 if a step of it failed. */
  readonly ci: boolean
}

/** Reads the settings, or ends the process with a message that names the wrong one. An empty one counts as unset. */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const { ALLOW_LOOPBACK, CI, DATABASE_URL, DEMO_TOKENS, MOORING_KEY, PORT, PUBLIC_URL, STDIO, WALK } = env
  return {
    port: readPort(PORT || "8283"),
    publicUrl: PUBLIC_URL ? readUrl("PUBLIC_URL", PUBLIC_URL) : undefined,
    stdio: readChoice("STDIO", STDIO, ["any", "off"]),
    allowLoopback: readChoice("ALLOW_LOOPBACK", ALLOW_LOOPBACK, ["1", "0"]) === "1",
    tokens: DEMO_TOKENS ? parseDemoTokens(DEMO_TOKENS) : undefined,
    database: parseDatabaseUrl(DATABASE_URL || "sqlite:.mooring/data.sqlite"),
    // What a key looks like is for Mooring to say.
    keys: MOORING_KEY || undefined,
    walk: readChoice("WALK", WALK, ["1", "0"]) === "1",
    // Not ours to be strict about: every CI system sets it in its own way.
    ci: !["", "0", "false"].includes(CI ?? ""),
  }
}

const readPort = (text: string): number =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? Number(text)
    : fail(`PORT is a number from 0 to 65535, and not "${text}".`)

const readUrl = (name: string, text: string): string =>
  /^https?:$/.test(URL.parse(text)?.protocol ?? "")
    ? text
    : fail(`${name} is a URL such as https://mcp.example.com, and not "${text}".`)

/** One of the choices; the first where nothing is set. */
const readChoice = <const Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly [Choice, ...Array<Choice>],
): Choice => {
  if (!text) return choices[0]
  const chosen = choices.find((choice) => choice === text)
  return chosen ?? fail(`${name} is ${choices.join(" or ")}, and not "${text}".`)
}
