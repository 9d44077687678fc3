import { type ActorInput, createMooring, type MooringOptions } from "@mooring/core"
import { remote } from "./askingHost.ts"

/** An application for tests of its connections: whoever is named in the bearer token asks. */
export const sessionHost = (options: Partial<MooringOptions>) => {
  const mooring = createMooring({
    actor: (request) => userOf(request.headers.get("authorization")?.slice("Bearer ".length) ?? ""),
    stdio: "any",
    egress: { allowRanges: ["127.0.0.0/8"] },
    logLevel: "None",
    ...options,
  })
  const request = async (user: string, method: string, path: string, body?: object) => {
    const response = await mooring.fetch(
      new Request(`http://host.example${path}`, {
        method,
        headers: { authorization: `Bearer ${user}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  let names = 0
  return {
    mooring,
    request,
    /** Registers a server for a user, and gives what runs its tools. */
    register: async (
      user: string,
      config: ReturnType<typeof remote> | string,
      variables?: ActorInput["variables"],
    ) => {
      const actor = userOf(user, variables)
      const { id } = await mooring.servers.create(actor, {
        name: `server ${(names += 1)}`,
        config: typeof config === "string" ? remote(config) : config,
      })
      const tools = await mooring.tools.list(actor, id)
      const toolId = (name: string) => tools.find(({ definition }) => definition.name === name)?.id ?? ""
      return {
        id,
        run: (name: string, args = {}, as = actor) => mooring.tools.run(as, id, toolId(name), args),
        runByRest: (name: string, as = user) =>
          request(as, "POST", `/v1/mcp-servers/${id}/tools/${toolId(name)}/run`),
        health: (as = actor) => mooring.servers.health(as, id),
      }
    },
    [Symbol.asyncDispose]: () => mooring.close(),
  }
}

export const userOf = (userId: string, variables: ActorInput["variables"] = {}): ActorInput => ({
  organizationId: "acme",
  userId,
  variables,
})

/** A server to which this token is sent. */
export const withToken = (serverUrl: string, authToken: string): ReturnType<typeof remote> => ({
  type: "streamable_http",
  serverUrl,
  authHeader: null,
  authToken,
  customHeaders: null,
})
