import { signIn } from "@mooring/testkit"
import { lightServers } from "../../../packages/storage-postgres/test/sign-in/lightServers.ts"
import {
  type HostProcess,
  startHostProcess,
} from "../../../packages/storage-postgres/test/sign-in/startHostProcess.ts"
import { bothServers } from "../../../packages/testkit/test/oauth/bothServers.ts"
import type { ConnectStream } from "../../../packages/testkit/test/sign-in/ConnectStream.ts"
import type { Bench, Finding } from "../Bench.ts"
import { type Contestant, takeTurns, type Turns } from "../sampling/takeTurns.ts"
import { createPostgresDatabase } from "../storage/createPostgresDatabase.ts"
import { tokenTimes } from "./tokenTimes.ts"

const user = "alice"

/** From a callback to the event of success. */
export const callbacks: Bench = {
  name: "sign-in: from the callback to success",
  about:
    "Two hosts, each a process of its own, on one PostgreSQL. Somebody watches a connect on the first one; the callback arrives at the same one or at the other. The time is that from sending the callback to the event `success`, for which the MCP server has to be connected to and its tools to be listed and stored, without what the token endpoint of the authorization server took. A small authorization server has a page of code; the certified one is `oidc-provider`.",
  run: async (context) => {
    const url = await createPostgresDatabase(context)
    const hosts = await Promise.all([startHostProcess(url), startHostProcess(url)])
    for (const host of hosts) context.resources.use(host)
    const uncounted = tokenTimes(context)
    const light = context.resources.use(await lightServers())
    const certified = context.resources.use(await bothServers({ users: [user] }))
    const measure = async (what: string, mcpUrl: string, turns: Turns): Promise<ReadonlyArray<Finding>> => {
      const [first, second] = hosts
      const watching = {
        mcpUrl,
        serverId: await first.as(user, mcpUrl).createServer(mcpUrl),
        first,
        uncounted,
      }
      const same = contestant("same host", first, watching)
      const other = contestant("other host", second, watching)
      const measured = await takeTurns([same, other], turns)
      const time = (name: string, of: Contestant, part: number) => ({
        type: "time" as const,
        what: `${what}: ${name}`,
        measured: measured(of),
        part,
      })
      return [
        {
          type: "comparison",
          what,
          baseline: measured(same),
          measured: measured(other),
          goal: { atMost: 2 },
        },
        { ...time("50 % are faster than", other, 0.5), goal: { atMost: 100 } },
        time("95 % are faster than", other, 0.95),
        time("95 % are faster than", same, 0.95),
      ]
    }
    return [
      ...(await measure("small authorization server", light.mcpServer.url, { rounds: 200, warmUp: 20 })),
      ...(await measure("certified one", certified.mcpServer.url, { rounds: 100, warmUp: 10 })),
    ]
  },
}

interface Watching {
  readonly mcpUrl: string
  readonly serverId: string
  readonly first: HostProcess
  readonly uncounted: () => number
}

/** Signs somebody in who has no credential yet, and has the callback sent to one of the hosts. */
const contestant = (
  name: string,
  host: HostProcess,
  { first, mcpUrl, serverId, uncounted }: Watching,
): Contestant => {
  let stream: ConnectStream
  let callback: URL
  let answered: Promise<unknown> | undefined
  return {
    name,
    uncounted,
    arrange: async () => {
      await answered
      const alice = first.as(user, mcpUrl)
      await alice.request("DELETE", `/v1/mcp-servers/${serverId}/credential`)
      stream = await alice.connect(serverId)
      callback = await signIn(await stream.authorizationUrl())
      await stream.until("waiting_for_auth")
    },
    act: async () => {
      answered = host.callBack(callback)
      await stream.until("success")
    },
  }
}
