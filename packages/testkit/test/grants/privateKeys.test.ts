import { inspect } from "node:util"
import { createMooring } from "@mooring/core"
import { decodeJwt, decodeProtectedHeader, exportJWK, exportPKCS8, generateKeyPair } from "jose"
import { expect, test, vi } from "vitest"
import { bothServers } from "../oauth/bothServers.ts"
import { revocations, tokenRequests as tokenRequestsFor } from "../sign-in/startAll.ts"
import { listenForHost } from "../sign-in/startSignInHost.ts"
import { startGrants, tokenRequests } from "./startGrants.ts"

const makeKey = async (alg: "ES256" | "PS256" | "EdDSA", kid?: string) => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const publicJwk = {
    ...(await exportJWK(publicKey)),
    alg,
    use: "sig",
    ...(kid === undefined ? {} : { kid }),
  }
  return { pkcs8: await exportPKCS8(privateKey), publicJwk }
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

test.each(["ES256", "PS256", "EdDSA"] as const)(
  "a key of %s stands for a client that needs no user",
  async (algorithm) => {
    const { pkcs8, publicJwk } = await makeKey(algorithm, "one")
    await using there = await startGrants(
      ({ issuer }, { url }) => ({
        oauth: {
          grants: [
            {
              type: "client_credentials",
              serverUrl: url,
              issuer,
              clientId: "signing",
              privateKey: { pkcs8, algorithm, keyId: "one" },
            },
          ],
        },
      }),
      {
        clients: [
          {
            clientId: "signing",
            redirectUris: [],
            grantTypes: ["client_credentials"],
            publicKeys: [publicJwk],
          },
        ],
      },
    )
    const { host, mcpServer, server } = there
    const alice = host.as("alice")
    const id = await alice.createServer(mcpServer.url)
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "signing" } })
    mcpServer.revokeAll()
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "signing" } })
    expect(server.refusals).toStrictEqual([])

    const sent = tokenRequests(server)
    expect(sent).toHaveLength(2)
    for (const { form, headers } of sent) {
      expect(form).toMatchObject({ client_assertion_type: assertionType, resource: mcpServer.url })
      expect(form).not.toHaveProperty("client_secret")
      expect(headers).not.toHaveProperty("authorization")
      const assertion = form["client_assertion"] ?? ""
      expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: algorithm, kid: "one" })
      expect(decodeJwt(assertion)).toMatchObject({ iss: "signing", sub: "signing", aud: server.issuer })
      // It goes to the authorization server alone, as the key goes to nobody.
      expect(JSON.stringify(mcpServer.requests)).not.toContain(assertion)
    }
    // Each is good for one request.
    expect(new Set(sent.map(({ form }) => decodeJwt(form["client_assertion"] ?? "").jti)).size).toBe(2)
  },
)

test("a key stands for the client with which users sign in: for the code, the renewal and the revocation", async () => {
  const { pkcs8, publicJwk } = await makeKey("ES256")
  await using listening = await listenForHost()
  await using servers = await bothServers({
    dynamicRegistration: false,
    clients: [
      {
        clientId: "signing",
        redirectUris: [`${listening.origin}/v1/tools/mcp/oauth/callback`],
        publicKeys: [publicJwk],
      },
    ],
  })
  const { mcpServer, server } = servers
  await using host = await listening.start({
    oauth: {
      clients: [{ issuer: server.issuer, clientId: "signing", privateKey: { pkcs8, algorithm: "ES256" } }],
    },
  })
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
  mcpServer.revokeAll()
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(tokenRequestsFor(server, "refresh_token")).toHaveLength(1)
  await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
  await vi.waitFor(() => expect(revocations(server)).toHaveLength(1), { timeout: 10_000, interval: 10 })
  const proven = [...tokenRequests(server), ...revocations(server)]
  expect(proven).toHaveLength(3)
  for (const { form } of proven) expect(form).toMatchObject({ client_assertion_type: assertionType })
  expect(server.refusals).toStrictEqual([])
})

const grantWith =
  (pkcs8: string) =>
  ({ issuer }: { readonly issuer: string }, { url }: { readonly url: string }) => ({
    oauth: {
      grants: [
        {
          type: "client_credentials" as const,
          serverUrl: url,
          issuer,
          clientId: "signing",
          privateKey: { pkcs8, algorithm: "ES256" as const },
        },
      ],
    },
  })

test("a key that the authorization server does not know is refused", async () => {
  const known = await makeKey("ES256")
  const { pkcs8 } = await makeKey("ES256")
  await using there = await startGrants(grantWith(pkcs8), {
    clients: [
      {
        clientId: "signing",
        redirectUris: [],
        grantTypes: ["client_credentials"],
        publicKeys: [known.publicJwk],
      },
    ],
  })
  const alice = there.host.as("alice")
  const stream = await alice.connect(await alice.createServer(there.mcpServer.url))
  expect(await stream.last()).toMatchObject({ event: "error", code: "token_refused" })
  expect(stream.text).not.toContain(pkcs8.split("\n").at(1) ?? pkcs8)
})

test("a text that is no key of its algorithm is told at the start, without a word of it", async () => {
  const another = await makeKey("PS256")
  const texts = [
    another.pkcs8,
    another.pkcs8.replaceAll("\n", ""),
    "canary that is no key",
    "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----",
    "",
  ]
  const issuer = "https://auth.example"
  for (const pkcs8 of texts) {
    const client = { issuer, clientId: "signing", privateKey: { pkcs8, algorithm: "ES256" as const } }
    for (const [option, oauth] of [
      ["oauth.clients", { clients: [client] }],
      ["oauth.grants", grantWith(pkcs8)({ issuer }, { url: "https://mcp.example" }).oauth],
    ] as const) {
      const mooring = createMooring({ actor: "single-user", logLevel: "None", oauth })
      const failure: unknown = await mooring.ready.then(
        () => "it has started",
        (error: unknown) => error,
      )
      expect(failure).toMatchObject({ _tag: "ClientKeyUnusable", option, clientId: "signing" })
      const said = `${String(failure)} ${inspect(failure, { depth: 9 })}`
      expect(said).toMatch(/PKCS #8 key for ES256/)
      expect(said).not.toContain("canary")
      expect(said).not.toContain(another.pkcs8.split("\n").at(1))
      await mooring.close()
    }
  }
})

test("the way in which a secret is sent can be set", async () => {
  for (const authMethod of ["client_secret_basic", "client_secret_post"] as const) {
    const clientSecret = "a secret: +/=%"
    await using there = await startGrants(
      ({ issuer }, { url }) => ({
        oauth: {
          grants: [
            {
              type: "client_credentials",
              serverUrl: url,
              issuer,
              clientId: "client",
              clientSecret,
              authMethod,
            },
          ],
        },
      }),
      {
        clients: [
          {
            clientId: "client",
            clientSecret,
            authMethod,
            redirectUris: [],
            grantTypes: ["client_credentials"],
          },
        ],
      },
    )
    const alice = there.host.as("alice")
    const id = await alice.createServer(there.mcpServer.url)
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "client" } })
    const [sent] = tokenRequests(there.server)
    const inBody = authMethod === "client_secret_post"
    expect(sent?.form["client_secret"]).toBe(inBody ? clientSecret : undefined)
    expect(sent?.headers["authorization"] === undefined).toBe(inBody)
  }
})
