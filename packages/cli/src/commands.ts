import type * as Effect from "effect/Effect"
import type { Settings } from "./Settings.ts"

export const commandNames = ["secret", "migrate", "rotate", "info"] as const
export type CommandName = (typeof commandNames)[number]

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** What `mooring <command> --help` adds to it. */
  readonly description: string
  /** The options beside `--help` and `--version`. */
  readonly options: ReadonlyArray<"--json">
  /**
   * What it does and then says, loaded when it is needed: `mooring secret` starts in no time. It fails with errors
   * whose messages are for whoever has typed the command.
   */
  readonly load: () => Promise<(settings: Settings, json: boolean) => Effect.Effect<string, Error>>
}

export const commands: Readonly<Record<CommandName, Command>> = {
  secret: {
    summary: "print a new key for MOORING_KEY",
    description: `\
The key is 32 random bytes as base64url, and nothing else is printed:

  export MOORING_KEY=$(mooring secret)

Keep it where your other secrets are. What was encrypted with a key that is lost
cannot be read by anybody.`,
    options: [],
    load: async () => (await import("./commands/secret.ts")).secret,
  },
  migrate: {
    summary: "bring the tables up to this release",
    description: `\
It takes the steps that are still to be taken, all or none, and names them.
Hosts may run meanwhile. They do the same at their start, unless the option
"migrations" of their stores is "manual".

A SQLite file that does not exist is made. MOORING_KEY is not needed.`,
    options: [],
    load: async () => (await import("./commands/migrate.ts")).migrate,
  },
  rotate: {
    summary: "encrypt all secrets anew with the first key of MOORING_KEY",
    description: `\
To exchange the key while hosts run:

  1. Add the new key behind the old one on all hosts:   MOORING_KEY=old,new
  2. Put it first on all hosts:                         MOORING_KEY=new,old
  3. Run "mooring rotate" with the same MOORING_KEY.
  4. Take the old key away on all hosts:                MOORING_KEY=new

Each step is for all hosts before the next one begins: so no host ever meets a
secret that it cannot decrypt. What hosts change meanwhile is not lost. When a
rotation was interrupted, run it again.

A record is an MCP server, or a user's sign-in at one.`,
    options: [],
    load: async () => (await import("./commands/rotate.ts")).rotate,
  },
  info: {
    summary: "show tables, servers, and which keys the secrets need",
    description: `\
It changes nothing, and shows no secrets: keys are named by their ids. With
MOORING_KEY set, it also tells which of the keys are in there.

Options:
  --json   the same for programs`,
    options: ["--json"],
    load: async () => (await import("./commands/info.ts")).info,
  },
}
