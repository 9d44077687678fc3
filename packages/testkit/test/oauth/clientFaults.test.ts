import { auth } from "@modelcontextprotocol/client"
import { describe, expect, it } from "vitest"
import { misbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { calledBack, registered } from "./flowAt.ts"
import { MemoryOAuthClient } from "./MemoryOAuthClient.ts"
import { begun, signedIn } from "./signedIn.ts"
import { expectSilence } from "./strangeAnswers.ts"
import { refreshed, revoked } from "./tokenRequests.ts"

describe("misbehavingAuthorizationServer, clients and users", () => {
  it("registration_refused", async () => {
    await using bad = await misbehavingAuthorizationServer("registration_refused")
    const answer = await registered(bad)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: "invalid_redirect_uri" })
    await expect(begun(bad.mcpServer.url)).rejects.toThrow("rejected")
  })

  it.each([
    ["registration_secret_basic", "client_secret_basic"],
    ["registration_secret_post", "client_secret_post"],
  ] as const)("%s wants the secret that it gives", async (kind, authMethod) => {
    await using bad = await misbehavingAuthorizationServer(kind)
    const client = await signedIn(bad.mcpServer.url)
    expect(client.client).toMatchObject({
      client_secret: expect.stringMatching("^secret-"),
      token_endpoint_auth_method: authMethod,
    })
    const token = bad.requests.find(({ path }) => path === "/token")
    expect(token?.headers["authorization"] !== undefined).toBe(authMethod === "client_secret_basic")
    expect(token?.form["client_secret"] !== undefined).toBe(authMethod === "client_secret_post")
    expect(await refreshed(bad.issuer, client, client.current?.refresh_token)).toMatchObject({
      status: 401,
      body: { error: "invalid_client" },
    })
    await expect(auth(client, { serverUrl: bad.mcpServer.url })).resolves.toBe("AUTHORIZED")
  })

  it.each([
    ["callback_of_another_issuer", { code: expect.any(String), iss: "https://honest.example" }],
    ["callback_without_issuer", { code: expect.any(String) }],
    ["callback_error_of_another_issuer", { error: "access_denied", iss: "https://honest.example" }],
    [
      "callback_error_with_markup",
      {
        error: "<script>alert(1)</script>",
        error_description: expect.stringContaining("<img src=x onerror="),
        iss: expect.stringContaining("127.0.0.1"),
      },
    ],
  ] as const)("%s sends the user back so", async (kind, parameters) => {
    await using bad = await misbehavingAuthorizationServer(kind)
    const callback = await calledBack(bad)
    expect(Object.fromEntries(callback.searchParams)).toEqual({ state: "the-state", ...parameters })
  })

  it("revocation_refused", async () => {
    await using bad = await misbehavingAuthorizationServer("revocation_refused")
    const answer = await fetch(`${bad.issuer}/revoke`, { method: "POST", body: new URLSearchParams() })
    expect(answer.status).toBe(503)
    await using good = await misbehavingAuthorizationServer("registration_refused")
    expect((await revoked(good.issuer, new MemoryOAuthClient(), "any")).status).toBe(200)
  })

  it.each([
    ["registration_hangs", "/register"],
    ["revocation_hangs", "/revoke"],
  ] as const)("%s", async (kind, path) => {
    await using bad = await misbehavingAuthorizationServer(kind)
    await expectSilence(bad, path, (signal) => fetch(bad.issuer + path, { method: "POST", signal }))
  })
})
