import { expect, test } from "vitest"
import type { JsonObject } from "../../src/mcp-servers/TestTool.ts"
import type { OAuthFaults } from "../../src/oauth/faults/OAuthFaults.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { hostileHost } from "./hostileHost.ts"
import { expectNoLeaks, pathsOf } from "./leaks.ts"
import { serversWith } from "./serversWith.ts"
import { authorizationUrlOf, signedInAt } from "./signedInAt.ts"

/** In the form of those that were issued, so that it is found wherever it leaks to. */
const token = "access-00000000-0000-4000-8000-000000000000"

const tokens = (change: JsonObject): OAuthFaults => ({
  code: (_request, right) => Response.json({ ...right().body, ...change }),
})

const refused: Readonly<Record<string, OAuthFaults>> = {
  "an access token with a line break": tokens({ access_token: `${token}\r\nx-evil: 1` }),
  "an access token with a NUL": tokens({ access_token: `${token}\u0000` }),
  "an access token beyond ASCII": tokens({ access_token: `${token}é大` }),
  "an empty access token": tokens({ access_token: "" }),
  "a number for an access token": tokens({ access_token: 7 }),
  "no token type": tokens({ token_type: undefined }),
  "an empty token type": tokens({ token_type: "" }),
  "a token type of which we know nothing": tokens({ token_type: "mac" }),
  "a token that is bound to a key of which we know nothing": tokens({ token_type: "DPoP" }),
  "a token type with more behind it": tokens({ token_type: "Bearer\r\nx-evil: 1" }),
  "an error with 200": { code: () => Response.json({ error: "bad_code", error_description: token }) },
  "a list": { code: () => Response.json([token]) },
  null: { code: () => Response.json(null) },
  nothing: { code: () => new Response(null, { status: 204 }) },
}

test.for(Object.entries(refused))(
  "a code that brings %s is refused, and nothing kept",
  async ([, faults]) => {
    await using bad = await serversWith(faults)
    await using host = await hostileHost()
    const attempt = await host.connect(bad.mcpServer.url)
    expect((await host.callBack(await signIn(await authorizationUrlOf(attempt)))).status).toBe(502)
    await attempt.ended
    expect(attempt.events.at(-1)).toMatchObject({ event: "error", code: "token_refused" })
    // The next one begins anew.
    expect(await authorizationUrlOf(await host.connect(bad.mcpServer.url))).toContain(bad.issuer)
    expectNoLeaks(host, bad)
  },
)

/** What a refresh is answered with, and whether the user then has to sign in anew. */
const refreshes: ReadonlyArray<readonly [string, () => Response, boolean]> = [
  ["400 without a word", () => new Response(null, { status: 400 }), true],
  ["401 in HTML", () => new Response("<p>Welcome", { status: 401 }), true],
  ["400 with a code of its own", () => Response.json({ error: "expired" }, { status: 400 }), true],
  ["an error with 200", () => Response.json({ error: "bad_refresh_token" }), true],
  ["403 with invalid_grant", () => Response.json({ error: "invalid_grant" }, { status: 403 }), true],
  ["403 of a gateway", () => new Response("<p>Welcome", { status: 403 }), false],
  ["404", () => new Response(null, { status: 404 }), false],
  ["429", () => Response.json({ error: "slow_down" }, { status: 429 }), false],
  ["500 with server_error", () => Response.json({ error: "server_error" }, { status: 500 }), false],
  ["a token of another type", () => Response.json({ access_token: "access", token_type: "user" }), false],
  ["a token that is bound to a key", () => Response.json({ access_token: "a", token_type: "DPoP" }), false],
  ["a token that cannot be sent", () => Response.json({ access_token: "a\nb", token_type: "Bearer" }), false],
]

test.for(refreshes)("a refresh that brings %s", async ([, answer, isOver]) => {
  await using bad = await serversWith({ refresh: answer })
  await using host = await hostileHost()
  const server = await signedInAt(host, bad)
  bad.mcpServer.revokeAll()
  expect((await server.run()).text).toContain(isOver ? "authorization_required" : '"status":"error"')
  expect((await server.run()).status).toBe(isOver ? 403 : 502)
  const sent = pathsOf(bad).filter((path) => path === "/token").length
  expect(sent).toBe(isOver ? 2 : 3)
  expectNoLeaks(host, bad)
})
