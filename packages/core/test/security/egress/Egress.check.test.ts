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

  it.effect("refuses ports of other protocols, unless the host has named them", () =>
    Effect.gen(function* () {
      // Fetch, section 2.9: port blocking.
      const ports = [
        1, 22, 23, 25, 53, 110, 143, 389, 465, 587, 993, 2049, 3659, 5060, 6000, 6667, 6697, 10080,
      ]
      for (const port of ports) {
        for (const url of [`https://example.com:${port}/`, `https://8.8.8.8:${port}/`]) {
          assert.strictEqual(yield* ruleFor(url), "port", url)
          assert.strictEqual(yield* ruleFor(url, { allowRanges: ["127.0.0.0/8:443"] }), "port", url)
          assert.isUndefined(yield* ruleFor(url, { allowPorts: [port] }), url)
        }
        const policy = { allowHosts: ["mcp.internal"], allowRanges: ["127.0.0.0/8", "8.8.4.4/32"] }
        for (const host of ["mcp.internal", "127.0.0.1", "localhost", "8.8.4.4"]) {
          assert.isUndefined(yield* ruleFor(`https://${host}:${port}/`, policy))
        }
        assert.strictEqual(yield* ruleFor(`https://8.8.8.8:${port}/`, policy), "port")
      }
      for (const [url, policy] of [
        ["https://mcp.internal:22/", { allowHosts: ["mcp.internal:22"] }],
        ["https://127.0.0.1:22/", { allowRanges: ["127.0.0.0/8:22"] }],
        ["https://8.8.8.8:22/", { allowRanges: ["8.8.8.8/32:22"] }],
      ] as const) {
        assert.isUndefined(yield* ruleFor(url, policy), url)
      }
      // Which port it is does not open the address.
      assert.strictEqual(yield* ruleFor("https://10.0.0.1:22/", { allowPorts: [22] }), "address")
      assert.strictEqual(yield* ruleFor("https://8.8.8.8:22/", { allowRanges: ["127.0.0.0/8:22"] }), "port")
      for (const url of ["https://example.com:8443/", "https://8.8.8.8:3000/", "https://example.com:443/"]) {
        assert.isUndefined(yield* ruleFor(url), url)
      }
    }),
  )

  it.effect("opens a range for the one port that it names", () =>
    Effect.gen(function* () {
      const policy = { allowRanges: ["10.0.0.0/8:8443", "fd00::/8:443", "127.0.0.1/32"] }
      for (const url of [
        "https://10.1.2.3:8443/",
        "http://10.1.2.3:8443/",
        "https://[fd00::1]/",
        "https://[::ffff:10.1.2.3]:8443/",
        "http://127.0.0.1:9000/",
      ]) {
        assert.isUndefined(yield* ruleFor(url, policy), url)
      }
      for (const url of [
        "https://10.1.2.3/",
        "https://10.1.2.3:443/",
        "https://10.1.2.3:8444/",
        "https://[fd00::1]:8443/",
        "https://[::ffff:10.1.2.3]/",
        "https://192.168.0.1:8443/",
      ]) {
        assert.strictEqual(yield* ruleFor(url, policy), "address", url)
      }
      // With no range that counts for its port, a name cannot be meant.
      const only = { allowRanges: ["10.0.0.0/8:8443"] }
      assert.strictEqual(yield* ruleFor("http://mcp.example/", only), "scheme")
      assert.isUndefined(yield* ruleFor("http://mcp.example:8443/", only))
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
      { allowRanges: ["10.0.0.0:80"] },
      { allowRanges: ["10.0.0.0/8:0"] },
      { allowRanges: ["10.0.0.0/8:65536"] },
      { allowRanges: ["10.0.0.0/8:http"] },
      { allowRanges: ["10.0.0.0/8:80:81"] },
      { allowRanges: ["10.0.0.0/33:80"] },
      { allowPorts: [0] },
      { allowPorts: [65_536] },
      { allowPorts: ["22"] },
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
