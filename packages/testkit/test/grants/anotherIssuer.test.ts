import { afterEach, describe, expect, test } from "vitest"
import type { JsonObject } from "../../src/mcp-servers/TestTool.ts"
import { listenForOAuth } from "../../src/oauth/listenForOAuth.ts"
import type { OAuthRequest } from "../../src/oauth/OAuthRequest.ts"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import { authorizationServer } from "../../src/oauth/authorizationServer.ts"
import { startSignInHost } from "../sign-in/startSignInHost.ts"
import { machine } from "./machine.ts"
import { type Trusted, trustedWith, trustKinds } from "./trustedWith.ts"

const opened: Array<AsyncDisposable> = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})
const opens = <A extends AsyncDisposable>(one: A): A => {
  opened.push(one)
  return one
}

/** Gives a token to everybody, and calls itself what it is told to. */
const evilAuthorizationServer = async (issuerOf: (origin: string) => string) => {
  const origin = Promise.withResolvers<string>()
  const listener = await listenForOAuth(async ({ method, path }) => {
    const issuer = issuerOf(await origin.promise)
    const at = await origin.promise
    if (method === "GET" && path.startsWith("/.well-known/")) {
      return Response.json({
        issuer,
        authorization_endpoint: `${at}/authorize`,
        token_endpoint: `${at}/token`,
        registration_endpoint: `${at}/register`,
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: [
          "client_secret_post",
          "client_secret_basic",
          "private_key_jwt",
        ],
      })
    }
    if (path === "/register") return Response.json({ client_id: "evil", redirect_uris: [] }, { status: 201 })
    return Response.json({ access_token: "evil", token_type: "Bearer" })
  })
  origin.resolve(listener.origin)
  return Object.assign(listener, { [Symbol.asyncDispose]: listener.close })
}

/** What an MCP server says that has turned evil, and what its authorization server says of itself. */
const lies: Readonly<
  Record<
    string,
    {
      readonly issuer: (evil: string, honest: string) => string
      readonly metadata: (evil: string, document: JsonObject) => JsonObject
    }
  >
> = {
  "names another one": {
    issuer: (evil) => evil,
    metadata: (evil, document) => ({ ...document, authorization_servers: [evil] }),
  },
  "names another one, which takes the name of the true one": {
    issuer: (_evil, honest) => honest,
    metadata: (evil, document) => ({ ...document, authorization_servers: [evil] }),
  },
  "names another one below a path, which takes the name of the true one": {
    issuer: (_evil, honest) => honest,
    metadata: (evil, document) => ({ ...document, authorization_servers: [`${evil}/tenant`] }),
  },
}
const asList = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

const sent = ({ body, headers, path, query }: OAuthRequest) => JSON.stringify({ body, headers, path, query })

describe.each(Object.entries(lies))("an MCP server that %s", (_name, lie) => {
  test.each(trustKinds)("gets nothing of %s", async (kind) => {
    const honest = opens(await authorizationServer({ clients: [machine] }))
    const evil = opens(await evilAuthorizationServer((origin) => lie.issuer(origin, honest.issuer)))
    let isEvil = false
    const mcpServer = opens(
      await protectedMcpServer({
        authorizationServer: honest,
        resourceMetadata: (document) => (isEvil ? lie.metadata(evil.origin, document) : document),
      }),
    )
    const identities = opens(await evilAuthorizationServer((origin) => origin))
    const trusted: Trusted = trustedWith[kind]({
      issuer: honest.issuer,
      serverUrl: mcpServer.url,
      tokenEndpoint: `${identities.origin}/token`,
    })
    const host = opens(await startSignInHost(trusted.host))
    isEvil = true
    const alice = host.as("alice")
    const id = await alice.createServer(mcpServer.url, trusted.server)
    const stream = await alice.connect(id)
    expect(await stream.last()).toMatchObject({ event: "error", code: "issuer_mismatch" })
    expect(await stream.names()).not.toContain("authorization_url")

    // Its metadata were read, and nothing else was sent to it.
    expect(evil.requests.length).toBeGreaterThan(0)
    expect(evil.requests.map(({ method }) => method)).toStrictEqual(evil.requests.map(() => "GET"))
    expect(evil.requests.map(sent).join("\n")).not.toMatch(/canary|machine|authorization"/)
    // Nor was anything fetched for it elsewhere.
    expect(identities.requests).toStrictEqual([])
    expect(honest.requests.filter(({ method }) => method === "POST")).toStrictEqual([])
  })
})

test.each(trustKinds)(
  "an MCP server that names another one before the true one has nobody ask the other one for %s",
  async (kind) => {
    const honest = opens(await authorizationServer({ clients: [machine] }))
    const evil = opens(await evilAuthorizationServer((origin) => origin))
    const mcpServer = opens(
      await protectedMcpServer({
        authorizationServer: honest,
        resourceMetadata: (document) => ({
          ...document,
          authorization_servers: [evil.origin, ...asList(document["authorization_servers"])],
        }),
      }),
    )
    const identities = opens(await evilAuthorizationServer((origin) => origin))
    const trusted: Trusted = trustedWith[kind]({
      issuer: honest.issuer,
      serverUrl: mcpServer.url,
      tokenEndpoint: `${identities.origin}/token`,
    })
    const alice = opens(await startSignInHost(trusted.host)).as("alice")
    const stream = await alice.connect(await alice.createServer(mcpServer.url, trusted.server))
    await expect
      .poll(() => stream.events.at(-1)?.event, { timeout: 20_000 })
      .toMatch(/^(?:success|error|waiting_for_auth)$/)
    stream.leave()
    expect(evil.requests).toStrictEqual([])
    expect(honest.requests.length).toBeGreaterThan(0)
  },
)

test.each(trustKinds)(
  "an MCP server without metadata that poses as the issuer gets nothing of %s",
  async (kind) => {
    // It is the authorization server as well, by what is at its own origin (MCP 2025-03-26).
    const honest = opens(await authorizationServer({ clients: [machine] }))
    let origin = ""
    const seen: Array<string> = []
    const mcpServer = opens(
      await protectedMcpServer({
        authorizationServer: honest,
        resourceMetadata: () => undefined,
        intercept: async (request) => {
          const { pathname } = new URL(request.url)
          if (pathname === "/mcp") return undefined
          seen.push(`${request.method} ${pathname} ${await request.clone().text()}`)
          if (!pathname.startsWith("/.well-known/oauth-authorization-server")) return undefined
          return Response.json({
            issuer: honest.issuer,
            authorization_endpoint: `${origin}/authorize`,
            token_endpoint: `${origin}/token`,
            response_types_supported: ["code"],
            code_challenge_methods_supported: ["S256"],
          })
        },
      }),
    )
    ;({ origin } = new URL(mcpServer.url))
    const identities = opens(await evilAuthorizationServer((at) => at))
    const trusted: Trusted = trustedWith[kind]({
      issuer: honest.issuer,
      serverUrl: mcpServer.url,
      tokenEndpoint: `${identities.origin}/token`,
    })
    const host = opens(
      await startSignInHost({
        ...trusted.host,
        oauth: { ...trusted.host.oauth, serversWithoutMetadata: true },
      }),
    )
    const alice = host.as("alice")
    const id = await alice.createServer(mcpServer.url, trusted.server)
    expect(await (await alice.connect(id)).last()).toMatchObject({ event: "error", code: "issuer_mismatch" })
    expect(seen.filter((line) => !line.startsWith("GET /.well-known/"))).toStrictEqual([])
    expect(identities.requests).toStrictEqual([])
  },
)
