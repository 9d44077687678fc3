import { expect, test } from "vitest"
import { misbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { boundMs, hostileHost } from "./hostileHost.ts"
import { expectNoLeaks, pathsOf } from "./leaks.ts"
import { signedInAt } from "./signedInAt.ts"

test.for(["revocation_refused", "revocation_hangs"] as const)(
  "%s holds up no removal of a server",
  async (kind) => {
    await using bad = await misbehavingAuthorizationServer(kind)
    await using host = await hostileHost({ oauthStepTimeoutMs: 60_000 })
    const server = await signedInAt(host, bad)
    expect((await host.request("DELETE", server.path)).status).toBeLessThan(300)
    await expect.poll(() => pathsOf(bad).at(-1), { timeout: boundMs }).toBe("/revoke")
    expect(bad.requests.at(-1)?.form).toMatchObject({
      token: expect.stringMatching(/^refresh-/),
      token_type_hint: "refresh_token",
    })
    // It is gone here, whatever is said there.
    expect((await host.request("GET", server.path)).status).toBe(404)
    expect(pathsOf(bad)).toEqual(["/register", "/authorize", "/token", "/revoke"])
    expectNoLeaks(host, bad)
  },
)
