import * as Redacted from "effect/Redacted"
import { expect, test } from "vitest"
import { makeGrantOf } from "../../src/oauth/direct/grantOf.ts"
import type { ServerGrant } from "../../src/oauth/direct/ServerGrant.ts"
import { resourceOf } from "../../src/oauth/resourceOf.ts"
import type { RemoteConfig } from "../../src/servers/ServerConfig.ts"
import type { ServerOAuth } from "../../src/servers/ServerOAuth.ts"

const serverUrl = "https://mcp.example/mcp"
const ofHost: ServerGrant = { type: "workload_identity", serverUrl, issuer: "https://auth.example" }
const machine: ServerOAuth = {
  grantType: "client_credentials",
  clientId: "machine",
  clientSecret: Redacted.make("secret"),
  issuer: "https://auth.example",
  scopes: null,
}
const config = (url: string, oauth: ServerOAuth | null = null): RemoteConfig => ({
  type: "streamable_http",
  serverUrl: url,
  authHeader: null,
  authToken: null,
  customHeaders: null,
  oauth,
})
const grantFor = (
  url: string,
  oauth: ServerOAuth | null = null,
  grants: ReadonlyArray<ServerGrant> = [ofHost],
) => makeGrantOf(grants)(resourceOf(url), config(url, oauth))

test.each([serverUrl, "HTTPS://MCP.example:443/mcp", `${serverUrl}#part`, "https://mcp.example/x/../mcp"])(
  "a grant of the host counts for %s",
  (url) => {
    expect(grantFor(url)).toBe(ofHost)
  },
)

test.each([
  "https://mcp.example/mcp/",
  "https://mcp.example/mcp?tenant=1",
  "https://mcp.example/MCP",
  "https://mcp.example/",
  "https://mcp.example:8443/mcp",
  "http://mcp.example/mcp",
  "https://mcp.example./mcp",
  "https://a@mcp.example/mcp",
  "https://evil.example/mcp",
  "https://evil.example/?https://mcp.example/mcp",
])("a grant of the host does not count for %s", (url) => {
  expect(grantFor(url)).toBeUndefined()
})

test("a config has a grant of its own where it needs no user", () => {
  expect(grantFor("https://other.example/mcp", { ...machine, scopes: ["a"] })).toStrictEqual({
    type: "client_credentials",
    serverUrl: "https://other.example/mcp",
    issuer: machine.issuer,
    clientId: "machine",
    clientSecret: machine.clientSecret,
    scopes: ["a"],
  })
  expect(
    grantFor("https://other.example/mcp", { ...machine, grantType: "authorization_code" }),
  ).toBeUndefined()
  for (const missing of ["clientId", "clientSecret", "issuer"]) {
    expect(grantFor("https://other.example/mcp", { ...machine, [missing]: null })).toBeUndefined()
  }
})

test("what the host has set goes before what a user has", () => {
  expect(grantFor(serverUrl, machine)).toBe(ofHost)
})
