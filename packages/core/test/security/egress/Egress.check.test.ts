import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Egress } from "../../../src/security/egress/Egress.ts"
import { EgressPolicy } from "../../../src/security/egress/EgressPolicy.ts"
import { forbiddenTargets, publicTargets } from "./targets.ts"

/** The rule which refuses the URL, or undefined if it passes. */
const ruleFor = (url: string, policy: Parameters<typeof EgressPolicy.make>[0] = {}) =>
  Egress.use((egress) => egress.check(url)).pipe(
    Effect.as(undefined),
    Effect.catchTag("NetworkForbidden", (refusal) => Effect.succeed(refusal.rule)),
    Effect.provide(Egress.layer(EgressPolicy.make(policy))),
  )

describe("Egress.check", () => {
  it.effect.each(forbiddenTargets.map(([host, why]) => ({ host, why })))("refuses $host ($why)", ({ host }) =>
    Effect.gen(function* () {
      for (const url of [`https://${host}/mcp`, `https://${host}:8443/mcp?x=1`]) {
        assert.strictEqual(yield* ruleFor(url), "address", url)
      }
      assert.strictEqual(yield* ruleFor(`http://${host}/`, { allowHttp: true }), "address")
    }),
  )

  it.effect.each(publicTargets.map((host) => ({ host })))("passes $host", ({ host }) =>
    Effect.gen(function* () {
      assert.isUndefined(yield* ruleFor(`https://${host}/mcp`))
      assert.strictEqual(yield* ruleFor(`http://${host}/mcp`), "scheme")
      assert.isUndefined(yield* ruleFor(`http://${host}/mcp`, { allowHttp: true }))
    }),
  )

  it.effect("refuses every scheme but https, and http where it is allowed", () =>
    Effect.gen(function* () {
      for (const url of [
        "file:///etc/passwd",
        "data:text/plain,hi",
        "ftp://example.com/",
        "ws://example.com/",
        "wss://example.com/",
        "blob:https://example.com/1",
        "javascript:alert(1)",
        "unix:/var/run/docker.sock",
        "node:fs",
        "gopher://example.com/",
      ]) {
        assert.strictEqual(yield* ruleFor(url, { allowHttp: true }), "scheme", url)
      }
      assert.strictEqual(yield* ruleFor("http://example.com/"), "scheme")
      assert.isUndefined(yield* ruleFor("HTTPS://EXAMPLE.COM/"))
    }),
  )

  it.effect("allows http to what the host has named, and not to the world", () =>
    Effect.gen(function* () {
      const policy = { allowRanges: ["127.0.0.0/8", "::1/128"], allowHosts: ["mcp.internal"] }
      assert.isUndefined(yield* ruleFor("http://127.0.0.1:3000/", policy))
      assert.isUndefined(yield* ruleFor("http://[::1]:3000/", policy))
      assert.isUndefined(yield* ruleFor("http://localhost:3000/", policy))
      assert.isUndefined(yield* ruleFor("http://mcp.internal/", policy))
      assert.strictEqual(yield* ruleFor("http://8.8.8.8/", policy), "scheme")
      assert.strictEqual(yield* ruleFor("http://10.0.0.1/", policy), "address")
      assert.strictEqual(yield* ruleFor("http://example.com/", { allowHosts: ["mcp.internal"] }), "scheme")
    }),
  )

  it.effect("matches allowed hosts whole, with their port if they have one", () =>
    Effect.gen(function* () {
      const policy = {
        allowHosts: [
          "mcp.internal",
          "Tools.Internal:8443",
          "10.0.0.7:81",
          "[fd00::7]:443",
          "web.internal:80",
        ],
      }
      for (const url of [
        "https://mcp.internal/",
        "https://MCP.internal.:1234/",
        "https://tools.internal:8443/",
        "http://10.0.0.7:81/",
        "https://[fd00::7]/",
        "http://web.internal/",
      ]) {
        assert.isUndefined(yield* ruleFor(url, policy), url)
      }
      for (const url of [
        "https://10.0.0.7/",
        "https://10.0.0.7:8443/",
        "https://[fd00::7]:8443/",
        "https://[fd00::8]/",
      ]) {
        assert.strictEqual(yield* ruleFor(url, policy), "address", url)
      }
      for (const url of [
        "http://tools.internal/",
        "http://evil.mcp.internal/",
        "http://mcp.internal.example.com/",
      ]) {
        assert.strictEqual(yield* ruleFor(url, policy), "scheme", url)
      }
    }),
  )

  it.effect("refuses userinfo, port 0 and what is no URL, even for an allowed host", () =>
    Effect.gen(function* () {
      const policy = { allowHosts: ["mcp.internal"] }
      assert.strictEqual(yield* ruleFor("https://user:secret@mcp.internal/", policy), "userinfo")
      assert.strictEqual(yield* ruleFor("https://:secret@mcp.internal/", policy), "userinfo")
      assert.strictEqual(yield* ruleFor("https://token@mcp.internal/", policy), "userinfo")
      assert.strictEqual(yield* ruleFor("https://mcp.internal:0/", policy), "port")
      for (const url of [
        "",
        "mcp.internal",
        "/mcp",
        "https://",
        "https://[fe80::1%25eth0]/",
        "https://mcp.internal:65536/",
      ]) {
        assert.strictEqual(yield* ruleFor(url, policy), "url", url)
      }
    }),
  )

  it.effect("gives the parsed URL", () =>
    Effect.gen(function* () {
      const url = yield* Egress.use((egress) => egress.check("HTTPS://Example.COM:443/a/../mcp"))
      assert.strictEqual(url.href, "https://example.com/mcp")
    }).pipe(Effect.provide(Egress.layer(EgressPolicy.make({})))),
  )

  it.effect("says which rule refused and which option widens it, and repeats no secret of the URL", () =>
    Effect.gen(function* () {
      const secrets = "https://user:passw0rd@10.0.0.1/path-secret?key=query-secret#fragment-secret"
      for (const [url, expected] of [
        [secrets, /user name or password/],
        [secrets.replace("user:passw0rd@", ""), /egress\.allowRanges/],
        [secrets.replace("https:", "ftp:"), /egress\.allowHttp/],
        ["https://not a url/query-secret", /absolute URL/],
      ] as const) {
        const error = yield* Effect.flip(Egress.use((egress) => egress.check(url)))
        assert.instanceOf(error, Error)
        assert.match(error.message, expected)
        assert.notMatch(`${error.message} ${JSON.stringify(error)} ${String(error)}`, /secret|passw0rd/)
      }
    }).pipe(Effect.provide(Egress.layer(EgressPolicy.make({})))),
  )
})

describe("EgressPolicy", () => {
  it("has a default for every field", () => {
    expect(Schema.decodeUnknownSync(EgressPolicy)({})).toEqual(EgressPolicy.make({}))
    expect(EgressPolicy.make({})).toMatchObject({ allowHttp: false, allowRanges: [], allowHosts: [] })
  })

  it("refuses entries which would not mean what they look like", () => {
    const decode = Schema.decodeUnknownExit(EgressPolicy)
    for (const wrong of [
      { allowRanges: ["10/8"] },
      { allowRanges: ["10.0.0.0"] },
      { allowHosts: ["https://mcp.internal"] },
      { allowHosts: ["mcp.internal/path"] },
      { allowHosts: ["user@mcp.internal"] },
      { allowHosts: ["fd00::1"] },
      { allowHosts: ["mcp.internal:0"] },
      { allowHosts: ["mcp.internal:99999"] },
      { allowHosts: ["*.internal"] },
      { allowHosts: [""] },
      { maxResponseBytes: 0 },
      { totalTimeoutMs: -1 },
      { connectTimeoutMs: 2 ** 31 },
    ]) {
      expect(Exit.isFailure(decode(wrong)), JSON.stringify(wrong)).toBe(true)
    }
  })
})
