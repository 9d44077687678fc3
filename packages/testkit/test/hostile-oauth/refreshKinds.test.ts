import { expect, test } from "vitest"
import {
  misbehavingAuthorizationServer,
  misbehavingAuthorizationServerKinds,
} from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { boundMs, hostileHost } from "./hostileHost.ts"
import { expectNoLeaks, pathsOf } from "./leaks.ts"
import { isRefreshKind, refreshCases } from "./refreshCases.ts"
import { authorizationUrlOf, signedInAt } from "./signedInAt.ts"

const answers = {
  renewed: { status: "success", func_return: "mallory" },
  kept: { status: "error" },
  removed: { error: { type: "authorization_required" } },
}

test.for(misbehavingAuthorizationServerKinds.filter(isRefreshKind))("%s", async (kind) => {
  await using bad = await misbehavingAuthorizationServer(kind)
  await using host = await hostileHost()
  const server = await signedInAt(host, bad)
  const asked = pathsOf(bad).length
  // The client has waited for nothing: from the server's side the access token is over.
  bad.mcpServer.revokeAll()

  const begunAt = performance.now()
  const run = await server.run()
  expect(performance.now() - begunAt).toBeLessThan(boundMs)
  expect(JSON.parse(run.text)).toMatchObject(answers[refreshCases[kind]])
  // One refresh token is sent once, to where it belongs, and no endpoint is guessed.
  expect(pathsOf(bad).slice(asked)).toEqual(["/token"])

  switch (refreshCases[kind]) {
    case "renewed":
      expect(await server.run()).toEqual(run)
      expect(pathsOf(bad).slice(asked)).toEqual(["/token"])
      break
    case "kept": {
      // Tried again by the next call, which is told that it failed: neither silent nor held up.
      const again = await server.run()
      expect(again.status).toBe(502)
      expect(pathsOf(bad).slice(asked)).toEqual(["/token", "/token"])
      break
    }
    case "removed": {
      const again = await server.run()
      expect(again.status).toBe(403)
      expect(again.text).toContain("authorization_required")
      expect(pathsOf(bad).slice(asked)).toEqual(["/token"])
      // The way back is open.
      expect(await authorizationUrlOf(await host.connect(bad.mcpServer.url))).toContain(bad.issuer)
    }
  }
  expectNoLeaks(host, bad)
})
