import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { authorizationServer } from "../../src/oauth/authorizationServer.ts"
import { type OAuthListener, listenForOAuth } from "../../src/oauth/listenForOAuth.ts"
import type { OAuthRequest } from "../../src/oauth/OAuthRequest.ts"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import { recordLogs } from "../hostile-oauth/recordLogs.ts"
import { startSignInHost } from "../sign-in/startSignInHost.ts"
import { basic, machine } from "./machine.ts"
import { tokenFaults } from "./tokenFaults.ts"
import { secrets, type TrustKind, type Trusted, trustedWith, trustKinds } from "./trustedWith.ts"

const direct = trustKinds.filter((kind) => kind !== "a client of the config, for its users")

const opened: Array<AsyncDisposable> = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})
const opens = <A extends AsyncDisposable>(one: A): A => {
  opened.push(one)
  return one
}

let elsewhere: OAuthListener
beforeAll(async () => {
  elsewhere = await listenForOAuth(() =>
    Response.json({ access_token: "from-elsewhere", token_type: "Bearer" }),
  )
})
afterAll(() => elsewhere.close())

type Answer = (request: OAuthRequest) => Response | undefined | Promise<Response | undefined>

/** Connects and runs, and gathers all that was said to anybody while the token endpoint answers like this. */
const attempt = async (kind: TrustKind, answer: Answer, ofIdentities: Answer, oauthStepTimeoutMs = 5_000) => {
  const logs = recordLogs()
  try {
    const server = opens(await authorizationServer({ clients: [machine], intercept: answer }))
    const mcpServer = opens(await protectedMcpServer({ authorizationServer: server }))
    const identities = await listenForOAuth(ofIdentities)
    opens({ [Symbol.asyncDispose]: identities.close })
    const trusted: Trusted = trustedWith[kind]({
      issuer: server.issuer,
      serverUrl: mcpServer.url,
      tokenEndpoint: `${identities.origin}/token`,
    })
    const limits = { oauthStepTimeoutMs, connectTimeoutMs: 10_000 }
    const host = opens(await startSignInHost({ ...trusted.host, limits, logLevel: "All" }))
    const alice = host.as("alice")
    const id = await alice.createServer(mcpServer.url, trusted.server)
    const stream = await alice.connect(id)
    const last = await stream.last()
    const refreshed = await alice.request("PATCH", `/v1/mcp-servers/${id}/refresh`)
    const shown = await alice.request("GET", "/v1/mcp-servers/")
    const said = [stream.text, refreshed.text, shown.text, ...logs.lines].join("\n")
    return { last, names: await stream.names(), refreshed, said, server, identities }
  } finally {
    logs.stop()
  }
}

const jagOf = (access_token: string) =>
  Response.json({
    access_token,
    issued_token_type: "urn:ietf:params:oauth:token-type:id-jag",
    token_type: "N_A",
  })
const goodIdentities: Answer = () => jagOf("canary.of-the.assertion")

const expectNothingSaid = (said: string, requests: ReadonlyArray<OAuthRequest>) => {
  const sent = requests
    .filter(({ method }) => method === "POST")
    .flatMap(({ form, headers }) => [form["client_assertion"], form["assertion"], headers["authorization"]])
    .filter((text) => text !== undefined)
  for (const secret of [...Object.values(secrets), basic, basic.slice("Basic ".length), ...sent]) {
    expect(said).not.toContain(secret)
    expect(said).not.toContain(encodeURIComponent(secret))
  }
  expect(said).not.toContain("canary")
  expect(said).not.toContain("from-elsewhere")
}

describe.each(direct)("with %s", (kind) => {
  test.each(Object.entries(tokenFaults))(
    "%s in place of a token is told, and nothing else",
    async (_name, fault) => {
      const scene = { elsewhere: elsewhere.origin }
      const { last, names, refreshed, said, server } = await attempt(
        kind,
        (request) => (request.path === "/token" ? fault.answer(request, scene) : undefined),
        goodIdentities,
        fault.timeoutMs,
      )
      expect(names).toStrictEqual(["connection_attempt", "error"])
      expect(last).toMatchObject({ code: fault.code })
      expect(refreshed.body).toMatchObject({ error: { type: fault.code } })
      expect(server.requests.some(({ path }) => path === "/token")).toBe(true)
      expectNothingSaid(said, server.requests)
      expect(elsewhere.requests).toStrictEqual([])
    },
  )

  test.each([
    ["http://auth.example/token", "unsafe_endpoint"],
    ["http://10.0.0.1/token", "unsafe_endpoint"],
    ["ftp://auth.example/token", "unsafe_endpoint"],
    ["https://user@auth.example/token", "unsafe_endpoint"],
    ["https://169.254.169.254/token", "network_forbidden"],
    ["https://10.0.0.1/token", "network_forbidden"],
  ])("a token endpoint at %s is not used: %s", async (endpoint, code) => {
    const { last, said, server, identities } = await attempt(
      kind,
      ({ headers, path }) =>
        path.startsWith("/.well-known/")
          ? Response.json({
              issuer: `http://${headers["host"]}`,
              authorization_endpoint: `http://${headers["host"]}/authorize`,
              token_endpoint: endpoint,
              response_types_supported: ["code"],
            })
          : undefined,
      goodIdentities,
    )
    expect(last).toMatchObject({ code })
    expect(server.requests.filter(({ method }) => method === "POST")).toStrictEqual([])
    // The enterprise is asked before, and its answer goes no further.
    if (code === "unsafe_endpoint") expect(identities.requests).toStrictEqual([])
    expectNothingSaid(said, server.requests)
  })
})

test.each(Object.entries(tokenFaults))(
  "%s of the identity provider is told, and nothing else",
  async (_name, fault) => {
    const { last, said, server, identities } = await attempt(
      "the identities of the enterprise",
      () => undefined,
      (request) => fault.answer(request, { elsewhere: elsewhere.origin }),
      fault.timeoutMs,
    )
    expect(last).toMatchObject({ event: "error", code: fault.code })
    expect(identities.requests.length).toBeGreaterThan(0)
    expect(server.requests.filter(({ path }) => path === "/token")).toStrictEqual([])
    expectNothingSaid(said, identities.requests)
    expect(elsewhere.requests).toStrictEqual([])
  },
)

test("a token of another kind that the identity provider gives is handed to nobody", async () => {
  // RFC 8693, section 2.2.1: it says what it is. An access token of its own would let others in at the enterprise.
  for (const issued_token_type of ["urn:ietf:params:oauth:token-type:access_token", undefined]) {
    const { last, server } = await attempt(
      "the identities of the enterprise",
      () => undefined,
      () =>
        Response.json({ access_token: "canary.of-the.enterprise", issued_token_type, token_type: "Bearer" }),
    )
    expect(last).toMatchObject({ event: "error", code: "token_refused" })
    expect(server.requests.filter(({ path }) => path === "/token")).toStrictEqual([])
  }
})
