import { otlp } from "@mooring/core"
import { expect, onTestFinished, test, vi } from "vitest"
import { startAll } from "../sign-in/startAll.ts"
import { startCollector } from "./Collector.ts"

test("sign-ins and renewals are told, without a token or a code", async () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {})
  onTestFinished(() => written.mockRestore())
  await using collector = await startCollector()
  await using there = await startAll(
    {},
    { logLevel: "Info", logFormat: "json", telemetry: otlp({ url: collector.url }) },
  )
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  await alice.signInTo(id)
  expect((await alice.whoami(id)).status).toBe(200)
  there.mcpServer.revokeAll()
  expect((await alice.whoami(id)).status).toBe(200)
  await there.host.close()

  const owner = { organization: "one", user: "alice" }
  const events = collector.logs()
  expect(events.filter(({ event }) => event === "sign_in_finished")).toMatchObject([
    { status: "success", ...owner },
  ])
  expect(events.filter(({ event }) => event === "credential_renewed")).toMatchObject([owner])
  const renewal = collector.spans().find(({ name }) => name === "mooring.credential.renew")
  expect(renewal).toMatchObject({ kind: 3, attributes: { "server.address": "127.0.0.1" } })

  const told = collector.text() + JSON.stringify(written.mock.calls)
  const secrets = there.server.requests.flatMap(({ form }) =>
    ["code", "code_verifier", "refresh_token", "state", "client_secret"].flatMap((name) => form[name] ?? []),
  )
  expect(secrets.length).toBeGreaterThan(2)
  const bearers = there.mcpServer.requests.flatMap(
    ({ headers }) => headers.authorization?.split(" ")[1] ?? [],
  )
  expect(bearers.length).toBeGreaterThan(2)
  expect([...secrets, ...bearers].filter((secret) => told.includes(secret))).toStrictEqual([])
})
