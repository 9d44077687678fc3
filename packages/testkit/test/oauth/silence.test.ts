import { expect, it, vi } from "vitest"
import { bothServers } from "./bothServers.ts"
import { signedIn } from "./signedIn.ts"
import { refreshed, revoked } from "./tokenRequests.ts"

it("the real authorization server prints nothing", async () => {
  const methods = ["log", "info", "warn", "error", "debug"] as const
  const printed = methods.map((method) => vi.spyOn(console, method))
  const warned = vi.spyOn(process, "emitWarning")
  // Other options, other warnings.
  for (const accessTokenFormat of ["jwt", "opaque"] as const) {
    await using there = await bothServers({
      accessTokenFormat,
      clientIdMetadataDocuments: () => Promise.reject(new Error("Nobody asks for one")),
      refreshTokenRotation: { reuseGraceMs: 1000 },
    })
    const { issuer } = there.server
    const client = await signedIn(there.mcpServer.url, { scope: "mcp:read offline_access" })
    await refreshed(issuer, client, client.current?.refresh_token)
    await refreshed(issuer, client, "no such token")
    await revoked(issuer, client, client.current?.refresh_token)
    await fetch(`${issuer}/authorize?client_id=nobody`, { headers: { accept: "text/html" } })
    await fetch(`${issuer}/token`, {
      method: "POST",
      headers: { origin: "https://app.example" },
      body: new URLSearchParams({ client_id: client.client?.client_id ?? "", grant_type: "refresh_token" }),
    })
    await fetch(`${issuer}/interaction/nobody`)
    await fetch(`${issuer}/token`, { method: "POST", body: "{" })
  }
  for (const print of [...printed, warned]) expect(print.mock.calls).toEqual([])
})
