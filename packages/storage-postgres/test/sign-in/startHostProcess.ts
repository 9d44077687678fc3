import type { MooringOptions } from "@mooring/core"
import * as Schema from "effect/Schema"
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { SignInUser } from "../../../testkit/test/sign-in/SignInUser.ts"

/** A host in a process of its own, which shares nothing with others but the database. */
export interface HostProcess extends AsyncDisposable {
  /** Somebody who is signed in to this host. Default: of the organization `one`. */
  readonly as: (name: string, organization?: string) => SignInUser
  /** Sends a browser here that comes back from an authorization server, as a balancer may; gives the answer's status. */
  readonly callBack: (callback: URL) => Promise<number>
  /** Ends it as a crash does (SIGKILL), and resolves when it is gone. Calling it again does nothing. */
  readonly kill: () => Promise<void>
}

/** Starts a host on a database, and waits until it answers. */
export const startHostProcess = async (
  url: string,
  limits: MooringOptions["limits"] = {},
): Promise<HostProcess> => {
  const script = fileURLToPath(new URL("hostProcess.ts", import.meta.url))
  const child = fork(script, [url, JSON.stringify(limits)], {
    execArgv: ["--conditions=@mooring/source", "--no-warnings"],
  })
  const ended = once(child, "exit")
  const failed = ended.then(([code]: Array<unknown>) => {
    throw new Error(`The host ended with ${String(code)} before it could be used`)
  })
  const [said]: Array<unknown> = await Promise.race([once(child, "message"), failed])
  failed.catch(() => {})
  const { origin } = decodeSaid(said)

  const kill = async () => {
    child.kill("SIGKILL")
    await ended
  }
  return {
    as: (name, organization = "one") => new SignInUser(origin, organization, name),
    callBack: async ({ pathname, search }) => {
      const answer = await fetch(origin + pathname + search)
      await answer.text()
      return answer.status
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

const decodeSaid = Schema.decodeUnknownSync(Schema.Struct({ origin: Schema.String }))
