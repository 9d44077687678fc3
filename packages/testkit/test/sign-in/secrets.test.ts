import { expect, test, vi } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import { bothServers } from "../oauth/bothServers.ts"
import type { Answer } from "./SignInUser.ts"
import { revocations } from "./startAll.ts"
import { listenForHost } from "./startSignInHost.ts"

const canary = "canary-of-authorization-server"
const clientSecret = "canary-of-client-secret"
const deadline = { timeout: 10_000, interval: 10 }

/** All that a process writes while this is not disposed of: the logger's lines, and what goes past it. */
const captureOutput = (): Disposable & { readonly text: () => string } => {
  const written: Array<string> = []
  const take = (...parts: ReadonlyArray<unknown>) => {
    written.push(parts.map(String).join(" "))
    return true
  }
  const spies = [
    ...(["log", "error", "warn", "info", "debug", "trace"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(take),
    ),
    vi.spyOn(process.stderr, "write").mockImplementation(take),
    vi.spyOn(process.stdout, "write").mockImplementation(take),
  ]
  return {
    text: () => written.join("\n"),
    [Symbol.dispose]: () => {
      for (const spy of spies) spy.mockRestore()
    },
  }
}

test("no secret is in an event, a page, an answer or a line of the log, whatever goes wrong", async () => {
  await using listening = await listenForHost()
  let fault: "token" | "revoke" | undefined
  await using servers = await bothServers({
    clients: [
      {
        clientId: "mooring",
        clientSecret,
        redirectUris: [`${listening.origin}/v1/tools/mcp/oauth/callback`],
      },
    ],
    intercept: ({ body, path }) => {
      // A server that repeats what it was sent, where errors could take it up.
      if (fault === "token" && path === "/token") {
        const description = `${canary} ${body}`
        return Response.json({ error: "invalid_grant", error_description: description }, { status: 400 })
      }
      if (fault === "revoke" && path === "/revoke")
        return Response.redirect(`http://127.0.0.1:9/${canary}?${body}`)
      return undefined
    },
  })
  const { mcpServer, server } = servers
  using output = captureOutput()
  const seen: Array<string> = []
  const callbacks: Array<URL> = []
  {
    await using host = await listening.start({
      logLevel: "Trace",
      oauth: { clients: [{ issuer: server.issuer, clientId: "mooring", clientSecret }] },
    })
    const alice = host.as("alice")
    const see = (answer: Answer) => {
      seen.push(answer.text)
      return answer
    }
    const id = await alice.createServer(mcpServer.url)

    const answerOnce = async (change: (url: URL) => URL = (url) => url) => {
      const stream = await alice.connect(id)
      const callback = change(await signIn(await stream.authorizationUrl()))
      callbacks.push(callback)
      const page = await fetch(callback)
      seen.push(await page.text(), JSON.stringify([...page.headers]))
      const again = await fetch(callback, { headers: { accept: "application/json" } })
      seen.push(await again.text())
      return stream
    }
    // The code is refused, with all that was sent in the answer.
    fault = "token"
    const failed = await answerOnce()
    expect(await failed.last()).toMatchObject({ code: "token_refused" })
    // The true one, and a renewal.
    fault = undefined
    const good = await answerOnce()
    expect(await good.last()).toMatchObject({ event: "success" })
    mcpServer.revokeAll()
    see(await alice.whoami(id))
    // A sign-out whose revocation fails is only told in the log.
    fault = "revoke"
    see(await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`))
    await vi.waitFor(() => expect(output.text()).toContain("could not be revoked"), deadline)
    // Once more, up to a renewal that is refused.
    fault = undefined
    const second = await answerOnce()
    expect(await second.last()).toMatchObject({ event: "success" })
    mcpServer.revokeAll()
    fault = "token"
    see(await alice.whoami(id))
    see(await alice.whoami(id))
    see(await alice.request("GET", "/v1/mcp-servers/"))
    seen.push(failed.text, good.text, second.text)
  }

  const tokenForms = server.requests.filter(({ path }) => path === "/token").map(({ form }) => form)
  const secrets = [
    ...tokenForms.flatMap((form) => [form["code"], form["code_verifier"], form["refresh_token"]]),
    ...revocations(server).map(({ form }) => form["token"]),
    ...mcpServer.requests.map(({ headers }) => headers.authorization?.replace(/^Bearer /, "")),
    ...callbacks.map(({ searchParams }) => searchParams.get("code")),
    clientSecret,
    btoa(`mooring:${clientSecret}`),
  ].filter((secret) => secret !== undefined && secret !== null)
  // Codes, verifiers, refresh tokens, access tokens: what the search below is worth.
  expect(new Set(secrets).size).toBeGreaterThanOrEqual(11)
  const shown = seen.join("\n")
  const logged = output.text()
  expect(shown).toContain("authorization_url")
  expect(secrets.filter((secret) => shown.includes(secret))).toStrictEqual([])
  expect(secrets.filter((secret) => logged.includes(secret))).toStrictEqual([])
  expect(shown).not.toContain(canary)
  expect(logged).not.toContain(canary)
  // Whoever reads the log must not be able to answer in the user's place.
  const states = callbacks.map(({ searchParams }) => searchParams.get("state") ?? "")
  expect(states.filter((state) => logged.includes(state))).toStrictEqual([])
})
