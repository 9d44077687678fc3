import { expect } from "vitest"
import type { MisbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { type Attempt, boundMs, type HostileHost } from "./hostileHost.ts"

/** Where the user of an attempt is sent, as soon as that is told. */
export const authorizationUrlOf = async ({ events }: Attempt): Promise<string> => {
  await expect
    .poll(() => events.some(({ event }) => event === "waiting_for_auth" || event === "error"), {
      timeout: boundMs,
      interval: 10,
    })
    .toBe(true)
  const url = events.find(({ event }) => event === "authorization_url")?.url
  if (url === undefined) throw new Error(`Nobody is sent anywhere: ${JSON.stringify(events)}`)
  return url
}

/** Signs the user of the host in to the MCP server, which is then registered. */
export const signedInAt = async (host: HostileHost, { mcpServer }: MisbehavingAuthorizationServer) => {
  const attempt = await host.connect(mcpServer.url)
  const answer = await host.callBack(await signIn(await authorizationUrlOf(attempt)))
  expect(answer.status).toBe(200)
  await attempt.ended
  expect(attempt.events.at(-1)?.event).toBe("success")

  const created = await host.request("POST", "/v1/mcp-servers/", {
    server_name: "hostile",
    config: { mcp_server_type: "streamable_http", server_url: mcpServer.url },
  })
  // Both answers are ours, and of that form by the OpenAPI document.
  const { id } = JSON.parse(created.text) as { readonly id: string }
  const path = `/v1/mcp-servers/${id}`
  const listed = await host.request("GET", `${path}/tools`)
  const tools = JSON.parse(listed.text) as ReadonlyArray<{ readonly id: string; readonly name: string }>
  const whoami = tools.find(({ name }) => name === "whoami")
  if (whoami === undefined) throw new Error(`The server was not listed: ${listed.text}`)
  return {
    path,
    /** Runs `whoami`. */
    run: () => host.request("POST", `${path}/tools/${whoami.id}/run`, { args: {} }),
  }
}
