import * as Schema from "effect/Schema"
import { echoArguments } from "../mcp/McpTarget.ts"
import { answerParent } from "../processes/answerParent.ts"
import { KeptConnection, requestBytes } from "../processes/KeptConnection.ts"
import { LoadedServer } from "./LoadedServer.ts"

// The users of the load: each on a connection of its own, with a pause before each request.

const decodeQuestion = Schema.decodeUnknownSync(
  Schema.Struct({
    port: Schema.Int,
    servers: Schema.Array(LoadedServer),
    users: Schema.Int,
    /** How long a user pauses, on average. */
    pauseMillis: Schema.Int,
    millis: Schema.Int,
    /** Whether they use Mooring, or ask for a route of Express's own. */
    what: Schema.Literals(["servers", "plain"]),
  }),
)

const anyOf = <A>(items: ReadonlyArray<A>): A => {
  const item = items[Math.floor(Math.random() * items.length)]
  if (item === undefined) throw new Error("There is nothing to choose from")
  return item
}

/** What a user does: runs tools for the most part, and looks at what there is. */
const requestTo = ({ organization, serverId, toolId }: LoadedServer, user: string): Buffer => {
  const headers = { "x-organization": organization, "x-user": user }
  const path = `/mcp/v1/mcp-servers/${serverId}`
  const kind = Math.random()
  if (kind < 0.8) {
    return requestBytes(
      "POST",
      `${path}/tools/${toolId}/run`,
      headers,
      JSON.stringify({ args: echoArguments }),
    )
  }
  if (kind < 0.9) return requestBytes("GET", `${path}/tools`, headers, "")
  return kind < 0.95
    ? requestBytes("GET", path, headers, "")
    : requestBytes("GET", "/mcp/v1/mcp-servers/", headers, "")
}

const plainRequest = requestBytes("GET", "/plain", {}, "")

answerParent(async (question) => {
  const { millis, pauseMillis, port, servers, users, what } = decodeQuestion(question)
  const organizations = [...new Set(servers.map(({ organization }) => organization))]
  const times: Array<number> = []
  const errors: Array<string> = []
  const end = performance.now() + millis
  const user = async (at: number) => {
    const own = servers.filter(
      ({ organization }) => organization === organizations[at % organizations.length],
    )
    const connection = await KeptConnection.open(port)
    for (;;) {
      // Nobody waits for anybody: pauses are distributed as those between independent events.
      const pause = -Math.log(1 - Math.random()) * pauseMillis
      await new Promise((resolve) => setTimeout(resolve, pause))
      if (performance.now() > end) break
      const request = what === "plain" ? plainRequest : requestTo(anyOf(own), `user ${at}`)
      const start = performance.now()
      try {
        const { body, status } = await connection.send(request)
        if (status !== 200 || body.includes('"status":"error"'))
          errors.push(`${status} ${body.slice(0, 300)}`)
      } catch (error) {
        errors.push(String(error))
        break
      }
      times.push(performance.now() - start)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: users }, (_, at) => user(at)))
  return { times, errors: errors.length, sample: errors.slice(0, 3) }
})
