import { expect, test } from "vitest"
import { recordLogs } from "../hostile-oauth/recordLogs.ts"
import { clientId } from "./machine.ts"
import { startGrants, tokenRequests } from "./startGrants.ts"
import { secrets } from "./trustedWith.ts"

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

/** What the host's function does that is to prove for whom it asks; what of it is sent, if anything. */
const functions: Readonly<
  Record<string, { readonly token: () => Promise<string | undefined>; readonly sent?: string }>
> = {
  "gives a token": { token: async () => "header.payload.signature", sent: "header.payload.signature" },
  // As it is read from a file.
  "gives a token and a line break": {
    token: async () => "header.payload.signature\n",
    sent: "header.payload.signature",
  },
  "gives none": { token: async () => undefined },
  "gives an empty text": { token: async () => "" },
  "gives garbage": { token: async () => "not a token" },
  "gives a token with a line break in it": { token: async () => "header.payload\r\n.signature" },
  "gives two lines of tokens": { token: async () => "a.b.c\na.b.c" },
  rejects: { token: () => Promise.reject(new Error("canary of the host's own log")) },
  throws: {
    token: () => {
      throw new Error("canary of the host's own log")
    },
  },
  hangs: { token: () => new Promise<string>(() => {}) },
  // What a host in JavaScript may do in spite of the types.
  "gives null": { token: () => Promise.resolve(JSON.parse("null")) },
  "gives an object": { token: () => Promise.resolve(JSON.parse('{"token":"a.b.c"}')) },
  "answers at once": {
    token: () => JSON.parse('"header.payload.signature"'),
    sent: "header.payload.signature",
  },
}

const cases = Object.entries(functions)
const limits = { oauthStepTimeoutMs: 500 }

test.each(cases)("a workload's function that %s", async (_name, { sent, token }) => {
  await using there = await startGrants(
    ({ issuer }, { url }) => ({
      limits,
      oauth: { grants: [{ type: "workload_identity", serverUrl: url, issuer, clientId: "workload" }] },
      workloadToken: token,
    }),
    {
      clients: [{ clientId: "workload", redirectUris: [], grantTypes: [jwtBearer] }],
      jwtBearer: async (assertion) => (assertion === sent ? "the machine" : undefined),
    },
  )
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  const stream = await alice.connect(id)
  if (sent === undefined) {
    expect(await stream.names()).toStrictEqual(["connection_attempt", "error"])
    expect(await stream.last()).toMatchObject({
      code: "identity_unavailable",
      message: expect.stringMatching(/could not prove who asks/),
    })
    expect(stream.text).not.toContain("canary")
    expect(tokenRequests(server)).toStrictEqual([])
    return
  }
  expect(await stream.last()).toMatchObject({ event: "success" })
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "the machine" } })
  expect(
    tokenRequests(server).map(({ form, headers }) => ({ form, auth: headers["authorization"] })),
  ).toStrictEqual([
    {
      form: { grant_type: jwtBearer, assertion: sent, client_id: "workload", resource: mcpServer.url },
      auth: undefined,
    },
  ])
})

test("a workload's function is told for whom its token is meant, and asked anew for each", async () => {
  const asked: Array<unknown> = []
  await using there = await startGrants(
    ({ issuer }, { url }) => ({
      oauth: { grants: [{ type: "workload_identity", serverUrl: url, issuer, clientId: "workload" }] },
      workloadToken: async (audience) => {
        asked.push(audience)
        return `a.b.${asked.length}`
      },
    }),
    {
      clients: [{ clientId: "workload", redirectUris: [], grantTypes: [jwtBearer] }],
      jwtBearer: async (assertion) => assertion,
    },
  )
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "a.b.1" } })
  mcpServer.revokeAll()
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "a.b.2" } })
  const audience = { issuer: server.issuer, serverUrl: mcpServer.url }
  expect(asked).toStrictEqual([audience, audience])
})

test("a function that hangs in the middle of a session holds up a run for no longer than a step may take", async () => {
  let hangs = false
  await using there = await startGrants(
    ({ issuer }, { url }) => ({
      limits,
      oauth: { grants: [{ type: "workload_identity", serverUrl: url, issuer, clientId: "workload" }] },
      workloadToken: () => (hangs ? new Promise(() => {}) : Promise.resolve("a.b.c")),
    }),
    {
      clients: [{ clientId: "workload", redirectUris: [], grantTypes: [jwtBearer] }],
      jwtBearer: async () => "the machine",
    },
  )
  const { host, mcpServer } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "the machine" } })
  hangs = true
  mcpServer.revokeAll()
  const answers = await Promise.all([alice.whoami(id), alice.whoami(id), alice.whoami(id)])
  for (const { text } of answers) expect(text).toMatch(/could not prove who asks/)
  hangs = false
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "the machine" } })
})

test("why the host's function failed is in the host's own log alone", async () => {
  const logs = recordLogs()
  let text: string
  try {
    await using there = await startGrants(({ issuer }, { url }) => ({
      logLevel: "All",
      oauth: { grants: [{ type: "workload_identity", serverUrl: url, issuer, clientId }] },
      workloadToken: () => Promise.reject(new Error("the token file is gone")),
    }))
    const alice = there.host.as("alice")
    const stream = await alice.connect(await alice.createServer(there.mcpServer.url))
    await stream.last()
    ;({ text } = stream)
  } finally {
    logs.stop()
  }
  expect(text).not.toContain("token file")
  expect(logs.lines.join("\n")).toContain("the token file is gone")
  expect(logs.lines.join("\n")).not.toContain(secrets.clientSecret)
})

test("a grant without the host's function is an error that says so", async () => {
  await using there = await startGrants(({ issuer }, { url }) => ({
    oauth: { grants: [{ type: "workload_identity", serverUrl: url, issuer }] },
  }))
  const alice = there.host.as("alice")
  const stream = await alice.connect(await alice.createServer(there.mcpServer.url))
  expect(await stream.last()).toMatchObject({ event: "error", code: "identity_unavailable" })
  expect(tokenRequests(there.server)).toStrictEqual([])
})
