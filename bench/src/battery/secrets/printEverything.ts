import { createMooring, type MooringOptions, otlp } from "@mooring/core"
import {
  authorizationServer,
  identityProvider,
  legacyServer,
  misbehavingAuthorizationServer,
  protectedMcpServer,
  signIn,
} from "@mooring/testkit"
import { randomBytes } from "node:crypto"
import { setImmediate as nextTurn } from "node:timers/promises"
import { addSentSecrets, addSentTokens } from "./addSentSecrets.ts"
import { Canaries } from "./Canaries.ts"
import { openPrints, type Prints } from "./Prints.ts"
import { makePrivateKey, watchExportedKeys } from "./privateKeys.ts"

/** A database in which everything is kept, and how it is looked into and broken. */
export interface PrintedDatabase {
  readonly stores: (keys: string) => NonNullable<MooringOptions["stores"]>
  /** All that is in it. */
  readonly dump: () => Promise<ReadonlyArray<string | Uint8Array>>
  /** From here on every statement about servers fails. */
  readonly breakIt: () => Promise<void>
}

export interface Printed {
  /** Where the secrets were put. */
  readonly places: ReadonlyArray<string>
  /** How much was looked through. */
  readonly prints: number
  readonly ways: ReadonlyArray<string>
  /** Where which secret was found. */
  readonly hits: ReadonlyArray<string>
}

const origin = "http://127.0.0.1:8283"

/** Uses a host in all its ways, with a secret in every field that takes one, and looks for them in all that it prints. */
export const printEverything = async (database: PrintedDatabase | undefined): Promise<Printed> => {
  const canaries = new Canaries()
  const { make } = canaries
  await using prints = await openPrints()
  await using well = await legacyServer()
  // A server that repeats what it was sent, wherever an error could take it up.
  await using echoing = await legacyServer({
    intercept: ({ headers }) => {
      const sent = JSON.stringify([...headers])
      const challenge = `Bearer error="invalid_token", error_description=${JSON.stringify(headers.get("authorization"))}`
      return new Response(sent, { status: 500, headers: { "www-authenticate": challenge, "x-echo": sent } })
    },
  })
  await using guarded = await misbehavingAuthorizationServer("registration_secret_basic")
  await using refusing = await misbehavingAuthorizationServer("code_echoes_request")
  // One that binds tokens to keys, and takes the word of an enterprise's identity provider.
  const host = { clientId: "host", clientSecret: make("a client's secret at the identity provider") }
  await using provider = await identityProvider({ ...host, clientIdElsewhere: "enterprise" })
  const elsewhere = { clientId: "enterprise", clientSecret: make("a client's secret in an enterprise") }
  await using proving = await authorizationServer({
    dpop: true,
    clients: [
      { ...elsewhere, redirectUris: [], grantTypes: ["urn:ietf:params:oauth:grant-type:jwt-bearer"] },
    ],
    jwtBearer: provider.userOf,
  })
  await using bound = await protectedMcpServer({ authorizationServer: proving })
  using _ = watchExportedKeys(canaries)
  const keys = randomBytes(32).toString("hex")
  canaries.add("the encryption key", keys)

  const alice = {
    organizationId: "acme",
    userId: "alice",
    variables: { TOKEN: make("a variable"), UNUSED: make("a variable that nobody names") },
  }
  const mooring = createMooring({
    actor: () => alice,
    stdio: "any",
    maskSecrets: true,
    logLevel: "All",
    publicUrl: origin,
    egress: { allowRanges: ["127.0.0.0/8"] },
    telemetry: otlp({
      url: prints.collectorUrl,
      headers: { authorization: make("a header of the collector's") },
    }),
    workloadToken: async () => make("the machine's token"),
    identityToken: async ({ userId }) => {
      const token = await provider.idToken(userId)
      canaries.add(`an identity token ${token.slice(-4)}`, token)
      return token
    },
    oauth: {
      clients: [{ issuer: refusing.issuer, clientId: "client", clientSecret: make("a client's secret") }],
      dpop: true,
      grants: [
        {
          type: "client_credentials",
          serverUrl: `${refusing.mcpServer.url}?signed`,
          issuer: refusing.issuer,
          clientId: "signed",
          privateKey: { pkcs8: makePrivateKey(canaries, "a grant's private key"), algorithm: "ES256" },
        },
        {
          type: "enterprise_managed",
          serverUrl: `${bound.url}?enterprise`,
          issuer: proving.issuer,
          ...elsewhere,
          identityProvider: { tokenEndpoint: provider.tokenEndpoint, ...host },
        },
        {
          type: "client_credentials",
          serverUrl: `${refusing.mcpServer.url}?direct`,
          issuer: refusing.issuer,
          clientId: "direct",
          clientSecret: make("a grant's secret"),
        },
        {
          type: "workload_identity",
          serverUrl: `${refusing.mcpServer.url}?machine`,
          issuer: refusing.issuer,
        },
      ],
    },
    limits: { createWaitMs: 5_000, oauthStepTimeoutMs: 5_000 },
    ...(database === undefined ? {} : { stores: database.stores(keys) }),
  })
  prints.addValue("the facade", mooring)
  await prints.addOutcome("a host with a key of another kind", startWithWrongKey(canaries))
  try {
    await mooring.ready
    const rest = async (method: string, path: string, body?: unknown): Promise<string> => {
      const response = await mooring.fetch(
        new Request(`${origin}${path}`, {
          method,
          headers: { "content-type": "application/json" },
          ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        }),
      )
      const text = await response.text()
      prints.add(
        `REST ${method} ${path.replaceAll(/[\w]+-[0-9a-f-]{36}/g, "…")}`,
        `${text} ${JSON.stringify([...response.headers])}`,
      )
      return text
    }
    const idIn = (text: string): string => /mcp_server-[0-9a-f-]+/.exec(text)?.[0] ?? "none"

    const remote = (server_url: string, more: object = {}) => ({
      server_url,
      auth_header: "authorization",
      auth_token: `Bearer ${make(`auth_token at ${new URL(server_url).port}${new URL(server_url).search}`)}`,
      custom_headers: {
        "x-key": make(`custom_headers at ${new URL(server_url).port}`),
        "x-user": "{{ TOKEN }}",
      },
      ...more,
    })
    const env = (place: string) => ({ SECRET: make(`env of ${place}`) })
    const command = (script: string, place: string) => ({
      command: process.execPath,
      args: ["-e", script],
      env: env(place),
    })
    const configs: Readonly<Record<string, object>> = {
      well: remote(well.url),
      echoing: remote(echoing.url),
      sse: { ...remote(`${echoing.url}?sse`), mcp_server_type: "sse" },
      unreachable: remote("http://127.0.0.1:1/mcp"),
      forbidden: remote("http://10.0.0.1/mcp"),
      "not a header": { ...remote(well.url), auth_token: `${make("auth_token with a line break")}\r\nx: y` },
      "not headers": {
        ...remote(well.url),
        custom_headers: { "x key": make("custom_headers of a wrong name") },
      },
      "without a variable": {
        ...remote(well.url),
        custom_headers: { "x-key": `${make("a header beside a variable")} {{ MISSING }}` },
      },
      "with a client": {
        server_url: `${refusing.mcpServer.url}?own`,
        oauth: { client_id: "own", client_secret: make("oauth.client_secret"), issuer: refusing.issuer },
      },
      "without an issuer": {
        server_url: well.url,
        oauth: { client_id: "x", client_secret: make("oauth.client_secret, refused") },
      },
      command: command("process.stdin.resume()", "a silent command"),
      "a command that tells": command(
        "console.error('my env', process.env.SECRET); process.exit(3)",
        "a command that tells",
      ),
      "a command that tells on its output": command(
        "console.log(process.env.SECRET)",
        "a command that tells on its output",
      ),
      "no command": { command: "/no/such/command", args: [], env: env("no command") },
      direct: { server_url: `${refusing.mcpServer.url}?direct` },
      machine: { server_url: `${refusing.mcpServer.url}?machine` },
      signed: { server_url: `${refusing.mcpServer.url}?signed` },
      enterprise: { server_url: `${bound.url}?enterprise` },
    }
    for (const [name, config] of Object.entries(configs)) {
      // Those that do not answer take as long as they may.
      const isSilent = name === "command"
      const id = idIn(await rest("POST", "/v1/mcp-servers/", { server_name: name, config }))
      await rest("POST", "/v1/mcp-servers/", { server_name: name, config })
      await rest("PATCH", `/v1/mcp-servers/${id}`, { config: { ...config, auth_token: 7 } })
      await rest("PUT", "/v1/tools/mcp/servers", { server_name: name, ...config })
      if (isSilent) continue
      await rest("PATCH", `/v1/mcp-servers/${id}/refresh`)
      await rest("POST", "/v1/tools/mcp/servers/test", { server_name: name, ...config })
      await rest("GET", `/v1/mcp-servers/${id}/health`)
      // What wants a sign-in waits for it; that one is done below.
      if ("auth_token" in config)
        await rest("POST", "/v1/tools/mcp/servers/connect", { server_name: name, ...config })
      await prints.addOutcome("mooring.servers.get", mooring.servers.get(alice, id))
      await prints.addOutcome("mooring.tools.refresh", mooring.tools.refresh(alice, id))
    }
    await rest(
      "POST",
      "/v1/mcp-servers/",
      `{"server_name": "cut off", "config": {"auth_token": "${make("a body that is cut off")}`,
    )
    for (const server_url of [guarded.mcpServer.url, refusing.mcpServer.url, bound.url]) {
      const id = idIn(
        await rest("POST", "/v1/mcp-servers/", { server_name: server_url, config: { server_url } }),
      )
      await signInAt(mooring.connect(alice, id), prints, rest)
      for (const { definition, id: tool } of await mooring.tools.list(alice, id).catch(() => []))
        if (definition.name === "echo")
          await rest("POST", `/v1/mcp-servers/${id}/tools/${tool}/run`, { args: { text: "hello" } })
    }
    for (const path of ["/v1/mcp-servers/", "/v1/tools/mcp/servers", "/openapi.json"]) await rest("GET", path)
    await prints.addOutcome("mooring.servers.list", mooring.servers.list(alice))

    for (const part of (await database?.dump()) ?? []) prints.add("dump", part)
    // Which takes the refresh token back, after it was kept.
    for (const { id } of await mooring.servers.list(alice))
      await prints.addOutcome("mooring.servers.signOut", mooring.servers.signOut(alice, id))
    await untilRevoked(proving.requests)

    addSentSecrets(canaries, [...guarded.requests, ...refusing.requests, ...proving.requests])
    addSentTokens(canaries, [...guarded.mcpServer.requests, ...bound.requests])

    await database?.breakIt()
    const broken = remote(`${well.url}?broken`)
    await rest("POST", "/v1/mcp-servers/", { server_name: "broken", config: broken })
    await rest("GET", "/v1/mcp-servers/")
    await prints.addOutcome("a failing statement", mooring.servers.list(alice))
    await prints.addOutcome(
      "a failing statement that writes",
      mooring.servers.create(alice, {
        name: "broken",
        config: {
          type: "streamable_http",
          serverUrl: broken.server_url,
          authHeader: null,
          authToken: broken.auth_token,
          customHeaders: broken.custom_headers,
        },
      }),
    )
  } finally {
    await mooring.close()
  }
  const all = prints.all()
  return {
    places: canaries.places,
    prints: all.length,
    ways: [...new Set(all.map(([way]) => way.split(/[: /]/, 1)[0] ?? way))],
    hits: [...new Set(all.flatMap(([way, print]) => canaries.in(print).map((hit) => `${way}: ${hit}`)))],
  }
}

/** It is taken back in the background. */
const untilRevoked = async (requests: ReadonlyArray<{ readonly path: string }>): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!requests.some(({ path }) => path === "/revoke")) {
    if (performance.now() > deadline) throw new Error("No token was taken back within 10 s")
    await nextTurn()
  }
}

/** A private key that is none of its algorithm's: the host does not start, and says why. */
const startWithWrongKey = async (canaries: Canaries): Promise<void> => {
  const privateKey = { pkcs8: makePrivateKey(canaries, "a key of another kind"), algorithm: "EdDSA" as const }
  const mooring = createMooring({
    actor: "single-user",
    oauth: { clients: [{ issuer: "https://issuer.invalid", clientId: "client", privateKey }] },
  })
  await mooring.ready.finally(mooring.close)
}

/** Follows a connect, and signs in where that is wanted. */
const signInAt = async (
  events: AsyncIterable<{ readonly event: string }>,
  prints: Prints,
  rest: (method: string, path: string) => Promise<string>,
) => {
  for await (const event of events) {
    // The URL is the one place that must hold the state and the challenge, which are no secrets of this kind.
    prints.addValue("an event", event)
    if ("url" in event && typeof event.url === "string") {
      const callback = await signIn(event.url)
      await rest("GET", callback.pathname + callback.search)
    }
  }
}
