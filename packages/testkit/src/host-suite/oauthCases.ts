import { UnprocessableEntityError } from "@letta-ai/letta-client"
import { afterAll, beforeAll, expect, test } from "vitest"
import { authorizationServer, type TestAuthorizationServer } from "../oauth/authorizationServer.ts"
import { protectedMcpServer, type ProtectedMcpServer } from "../oauth/protectedMcpServer.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

const clientId = "suite"
const clientSecret = "canary of the suite's client: +/=%"
const shown = { client_id: clientId, grant_type: "client_credentials", scopes: ["mcp:read"] }

/** The extension `oauth` of a server's config: how tokens for it are got. */
export const oauthCases = (host: () => SuiteHost): void => {
  let server: TestAuthorizationServer
  let mcpServer: ProtectedMcpServer
  beforeAll(async () => {
    const grantTypes = ["client_credentials"]
    server = await authorizationServer({
      clients: [{ clientId, clientSecret, redirectUris: [], grantTypes }],
    })
    mcpServer = await protectedMcpServer({ authorizationServer: server })
  })
  afterAll(async () => {
    await mcpServer.close()
    await server.close()
  })

  /** Typed by what it is: the client knows nothing of the extension, and passes it on. */
  const configWith = (change: object = {}) => {
    const oauth = { ...shown, client_secret: clientSecret, issuer: server.issuer, ...change }
    return { mcp_server_type: "streamable_http" as const, server_url: mcpServer.url, oauth }
  }

  const runWhoami = async (id: string) => {
    const { mcpServers } = host().letta()
    const tools = await mcpServers.tools.list(id)
    const whoami = tools.find(({ name }) => name === "whoami")
    return mcpServers.tools.run(whoami?.id ?? "", { mcp_server_id: id, args: {} })
  }

  test("lets a server be used without a user, and its secret and issuer are never shown", async () => {
    const { mcpServers } = host().letta()
    const server_name = uniqueName("machine")
    const config = configWith()
    const created = await mcpServers.create({ server_name, config })
    const id = created.id ?? ""
    expect(created).toMatchObject({ server_name, server_url: mcpServer.url, oauth: shown })
    expect(await mcpServers.retrieve(id)).toStrictEqual(created)
    expect(await runWhoami(id)).toMatchObject({ status: "success", func_return: clientId })
    const { body } = await host().request("GET", "/v1/mcp-servers/")
    expect(JSON.stringify([created, body])).not.toMatch(/canary|client_secret|issuer/)
  })

  test("stays where an update hands back what was shown, and goes by null", async () => {
    const { mcpServers } = host().letta()
    const created = await mcpServers.create({ server_name: uniqueName("machine"), config: configWith() })
    const id = created.id ?? ""
    const { oauth: _oauth, server_url, ...rest } = configWith()
    const again = { ...rest, server_url, oauth: shown }
    expect(await mcpServers.update(id, { config: again })).toMatchObject({ id, oauth: shown })
    expect(await runWhoami(id)).toMatchObject({ status: "success", func_return: clientId })
    const cleared = { ...rest, server_url, oauth: null }
    expect(await mcpServers.update(id, { config: cleared })).not.toHaveProperty("oauth")
    expect(await mcpServers.retrieve(id)).not.toHaveProperty("oauth")
  })

  test.each([
    ["a secret without its issuer", { issuer: undefined }, "issuer"],
    ["a secret without its client", { client_id: undefined }, "client_id"],
    ["no secret", { client_secret: null }, "client_secret"],
    ["an empty secret", { client_secret: "" }, "client_secret"],
    ["a grant that is none", { grant_type: "password" }, "grant_type"],
    ["a scope that is none", { scopes: ["a b"] }, "scopes"],
  ])("is refused with %s, by the field and without its value", async (_name, change, field) => {
    const body = { server_name: uniqueName("refused"), config: configWith(change) }
    const answer = await host().request("POST", "/v1/mcp-servers/", { body })
    expect(answer).toMatchObject({ status: 422 })
    expect(answer.body).toMatchObject({ detail: [{ loc: expect.arrayContaining(["oauth", field]) }] })
    expect(JSON.stringify(answer.body)).not.toContain("canary")
  })

  test("does not go to another origin, issuer or client without its secret", async () => {
    const { mcpServers } = host().letta()
    const created = await mcpServers.create({ server_name: uniqueName("machine"), config: configWith() })
    const id = created.id ?? ""
    const moves = [
      { server_url: "https://elsewhere.invalid/mcp" },
      { server_url: mcpServer.url, oauth: { issuer: "https://elsewhere.invalid" } },
      { server_url: mcpServer.url, oauth: { client_id: "another" } },
    ]
    for (const config of moves) {
      await expect(mcpServers.update(id, { config })).rejects.toThrow(UnprocessableEntityError)
    }
    expect(await mcpServers.retrieve(id)).toStrictEqual(created)
  })
}
