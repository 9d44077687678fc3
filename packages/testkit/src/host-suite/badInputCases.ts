import { BadRequestError, UnprocessableEntityError } from "@letta-ai/letta-client"
import { expect, test } from "vitest"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

const url = "https://mcp.invalid/mcp"

/** Requests that make no sense: each is told what is wrong with it, and none is stored. */
export const badInputCases = (host: () => SuiteHost): void => {
  const invalidBodies: ReadonlyArray<readonly [what: string, body: unknown, loc: ReadonlyArray<string>]> = [
    ["no body", undefined, ["body", "server_name"]],
    ["an empty object", {}, ["body", "server_name"]],
    ["an array", [], ["body"]],
    ["no name", { config: { server_url: url } }, ["body", "server_name"]],
    ["an empty name", { server_name: "", config: { server_url: url } }, ["body", "server_name"]],
    ["a blank name", { server_name: " \t\n", config: { server_url: url } }, ["body", "server_name"]],
    [
      "a name of a megabyte",
      { server_name: "n".repeat(2 ** 20), config: { server_url: url } },
      ["body", "server_name"],
    ],
    ["a name that is no text", { server_name: 7, config: { server_url: url } }, ["body", "server_name"]],
    ["no config", { server_name: "x" }, ["body", "config"]],
    ["a config that is no object", { server_name: "x", config: "stdio" }, ["body", "config"]],
    ["neither command nor URL", { server_name: "x", config: {} }, ["body", "config"]],
    [
      "both command and URL",
      { server_name: "x", config: { command: "npx", args: [], server_url: url } },
      ["body", "config"],
    ],
    [
      "an unknown kind",
      { server_name: "x", config: { mcp_server_type: "websocket", server_url: url } },
      ["body", "config", "mcp_server_type"],
    ],
    [
      "stdio without a command",
      { server_name: "x", config: { mcp_server_type: "stdio", args: [] } },
      ["body", "config", "command"],
    ],
    [
      "stdio with an empty command",
      { server_name: "x", config: { command: "", args: [] } },
      ["body", "config", "command"],
    ],
    ["stdio without arguments", { server_name: "x", config: { command: "npx" } }, ["body", "config", "args"]],
    [
      "arguments in one text",
      { server_name: "x", config: { command: "npx", args: "-y it" } },
      ["body", "config", "args"],
    ],
    [
      "an environment with numbers",
      { server_name: "x", config: { command: "npx", args: [], env: { PORT: 1 } } },
      ["body", "config", "env", "PORT"],
    ],
    [
      "sse without a URL",
      { server_name: "x", config: { mcp_server_type: "sse" } },
      ["body", "config", "server_url"],
    ],
    [
      "a URL that is none",
      { server_name: "x", config: { server_url: "not a url" } },
      ["body", "config", "server_url"],
    ],
    [
      "a header with a line break",
      { server_name: "x", config: { server_url: url, custom_headers: { "X-A": "a\r\nb: c" } } },
      ["body", "config", "custom_headers"],
    ],
    [
      "a header's name with a blank",
      { server_name: "x", config: { server_url: url, custom_headers: { "X A": "a" } } },
      ["body", "config", "custom_headers"],
    ],
    [
      "a header that is Mooring's",
      { server_name: "x", config: { server_url: url, custom_headers: { Host: "elsewhere" } } },
      ["body", "config", "custom_headers"],
    ],
    [
      "a token with a line break",
      { server_name: "x", config: { server_url: url, auth_token: "a\nb" } },
      ["body", "config", "auth_token"],
    ],
  ]
  test.each(invalidBodies)("a create with %s is 422 and names the place", async (_, body, loc) => {
    const answer = await host().request("POST", "/v1/mcp-servers/", { body })
    expect(answer).toMatchObject({
      status: 422,
      body: {
        detail: expect.arrayContaining([{ loc, msg: expect.any(String), type: expect.any(String) }]),
        message: expect.any(String),
      },
    })
    // A megabyte sent is no megabyte answered.
    expect(JSON.stringify(answer.body).length).toBeLessThan(2_000)
  })

  test("the official client sees missing fields as its own error, with the message", async () => {
    const { mcpServers } = host().letta()
    const config = { command: "npx" } as { command: string; args: Array<string> }
    const failure = await mcpServers.create({ server_name: "x", config }).catch((error: unknown) => error)
    expect(failure instanceof UnprocessableEntityError || failure instanceof BadRequestError).toBe(true)
    expect(String(failure)).toContain("config.args: Field required")
  })

  test("every thing that is wrong is named at once", async () => {
    const { body } = await host().request("POST", "/v1/mcp-servers/", {
      body: { server_name: "", config: { command: 1, args: {}, env: [] } },
    })
    const { detail } = body as { detail: ReadonlyArray<{ loc: ReadonlyArray<string> }> }
    expect(detail.map(({ loc }) => loc.join("."))).toStrictEqual([
      "body.server_name",
      "body.config.command",
      "body.config.args",
      "body.config.env",
    ])
  })

  test("a secret that was refused is not repeated in the answer", async () => {
    const secret = "canary-6c1f\r\n"
    for (const config of [
      { server_url: url, auth_token: secret },
      { server_url: url, custom_headers: { "X-Key": secret } },
      { command: "x", args: [], env: { KEY: [secret] } },
    ]) {
      const answer = await host().request("POST", "/v1/mcp-servers/", {
        body: { server_name: uniqueName("x"), config },
      })
      expect(answer.status).toBe(422)
      expect(JSON.stringify(answer.body)).not.toContain("canary-6c1f")
    }
  })

  test.each([
    "mcp_server-00000000-0000-4000-8000-000000000000",
    "nonsense",
    "../../etc/passwd",
    "%00",
    "ü",
    "1 OR 1=1",
  ])("the id %j is not found", async (id) => {
    const encoded = encodeURIComponent(id)
    for (const path of [`/v1/mcp-servers/${encoded}`, `/v1/mcp-servers/${encoded}/tools`]) {
      const answer = await host().request("GET", path)
      expect(answer).toMatchObject({
        status: 404,
        body: { detail: expect.any(String), message: expect.any(String) },
      })
    }
  })

  test.each([
    ["limit=0", "limit"],
    ["limit=many", "limit"],
    ["limit=1.5", "limit"],
  ])("a list with %s is 422", async (query, field) => {
    const answer = await host().request("GET", `/v1/mcp-servers/?${query}`)
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ["query", field] }] } })
  })

  test("a path or method that is not there is 404, in JSON", async () => {
    for (const [method, path] of [
      ["GET", "/v1/mcp-servers/x/y/z"],
      ["PUT", "/v1/mcp-servers/"],
    ] as const) {
      const answer = await host().request(method, path)
      expect(answer).toMatchObject({
        status: 404,
        body: { detail: expect.any(String), message: expect.any(String) },
      })
    }
  })

  test("an update that leads to an invalid config changes nothing", async () => {
    const { mcpServers } = host().letta()
    const created = await mcpServers.create({ server_name: uniqueName("kept"), config: { server_url: url } })
    for (const config of [
      { server_url: "nonsense" },
      { server_url: url, command: "npx" },
      { mcp_server_type: "carrier-pigeon" },
      { custom_headers: { "Bad Name": "x" } },
      { custom_headers: [] },
    ]) {
      const answer = await host().request("PATCH", `/v1/mcp-servers/${created.id}`, { body: { config } })
      expect(answer.status).toBe(422)
    }
    expect(await mcpServers.retrieve(created.id ?? "")).toStrictEqual(created)
  })

  test("arguments of a run that are no object are 422", async () => {
    for (const args of ["text", 7, [1]]) {
      const answer = await host().request("POST", "/v1/mcp-servers/x/tools/y/run", { body: { args } })
      expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ["body", "args"] }] } })
    }
  })
}
