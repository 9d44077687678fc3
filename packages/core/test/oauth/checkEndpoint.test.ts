import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { describe, expect, test } from "vitest"
import { checkEndpoint } from "../../src/oauth/checkEndpoint.ts"

const checked = (endpoint: string) => Effect.runSync(Effect.result(checkEndpoint(endpoint)))

const safe: ReadonlyArray<string> = [
  "https://auth.example/authorize",
  "https://auth.example",
  "HTTPS://AUTH.EXAMPLE/Authorize",
  "https://auth.example:8443/authorize?tenant=a&next=https://other.example/",
  "https://auth.example./authorize",
  "https://bücher.example/authorize",
  "https://xn--bcher-kva.example/authorize",
  "https://auth.example/a%0Ab%09c",
  "https://auth.example/@evil.example/",
  "https://auth.example/?u=javascript:alert(1)",
  "https://10.0.0.1/authorize",
  "https://[2001:db8::1]/authorize",
  `https://auth.example/${"a".repeat(100_000)}`,
  "http://localhost/authorize",
  "http://LOCALHOST:9000/authorize",
  "http://127.0.0.1/authorize",
  "http://127.255.255.254:1/authorize",
  // Other ways to write 127.0.0.1, all of which the URL parser (and a browser) takes for it.
  "http://127.1/authorize",
  "http://2130706433/authorize",
  "http://0x7f.0.0.1/authorize",
  "http://0177.0.0.1/authorize",
  "http://[::1]:9000/authorize",
  "http://[0:0:0:0:0:0:0:1]/authorize",
]

const unsafe: ReadonlyArray<string> = [
  "",
  "/authorize",
  "//auth.example/authorize",
  "auth.example/authorize",
  "https://",
  "https:///",
  // No authority, by RFC 3986; a browser finds one all the same.
  "https:auth.example/authorize",
  "https:/auth.example/authorize",
  "https:////auth.example/authorize",
  // Schemes that run, show, open or connect to something.
  "javascript:alert(document.cookie)",
  "JavaScript://auth.example/%0Aalert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "file:///etc/passwd",
  "blob:https://auth.example/5a6f",
  "view-source:https://auth.example/",
  "evil-app://authorize",
  "ftp://auth.example/authorize",
  "ws://localhost/authorize",
  "wss://auth.example/authorize",
  "about:blank",
  "mailto:a@auth.example",
  "intent://auth.example/#Intent;scheme=https;end",
  // Names before the host.
  "https://honest.example@evil.example/authorize",
  "https://user:password@auth.example/authorize",
  "https://:password@auth.example/authorize",
  "https://honest.example%2F@evil.example/authorize",
  "https://@auth.example/authorize",
  "https://:@auth.example/authorize",
  // What a parser drops, or reads as something else.
  " https://auth.example/authorize",
  "https://auth.example/authorize ",
  "https://auth.example/auth orize",
  "https://auth.example/auth\torize",
  "https://auth.example/auth\r\norize",
  "ht\ntps://auth.example/authorize",
  "java\tscript:alert(1)",
  "https://auth.example/\u0000",
  "https://auth.example/\u001b[2J",
  "https://auth.example/\u007f",
  "https://auth.example/\u0085",
  "\u0000https://auth.example/",
  "https:\\\\auth.example\\authorize",
  "https://honest.example\\@evil.example/",
  "https://auth.example/a\\..\\b",
  "https://auth.example/authorize#fragment",
  // RFC 6749, section 3.1: no fragment, not even an empty one.
  "https://auth.example/authorize#",
  "https://auth.example/#/authorize",
  // Plain HTTP where it leaves the machine, or may do so.
  "http://auth.example/authorize",
  "http://10.0.0.1/authorize",
  "http://169.254.169.254/authorize",
  "http://0.0.0.0/authorize",
  "http://128.0.0.1/authorize",
  "http://127.0.0.1.evil.example/authorize",
  "http://localhost.evil.example/authorize",
  "http://evil-localhost/authorize",
  "http://localhost@evil.example/authorize",
  "http://[::]/authorize",
  "http://[::2]/authorize",
  "http://[fe80::1]/authorize",
  "http://[::ffff:10.0.0.1]/authorize",
  // Hosts that are none.
  "https://auth.example:99999/",
  "https://[::1/",
  "https://a b.example/",
  "https://auth.example%00.evil.example/",
]

describe("checkEndpoint", () => {
  test.each(safe.map((endpoint) => [endpoint.slice(0, 80), endpoint] as const))(
    "takes %j",
    (_name, endpoint) => {
      const result = checked(endpoint)
      expect(Result.isSuccess(result) && result.success.href).toBe(new URL(endpoint).href)
    },
  )

  test.each(unsafe.map((endpoint) => [endpoint.slice(0, 80), endpoint] as const))(
    "refuses %j, without repeating it",
    (_name, endpoint) => {
      const result = checked(endpoint)
      expect(result).toMatchObject({ _tag: "Failure", failure: { code: "unsafe_endpoint" } })
      if (Result.isFailure(result) && endpoint.length > 8) {
        expect(result.failure.message).not.toContain(endpoint)
      }
    },
  )

  // Whatever is taken, a browser reads as what was checked: none of these may stand anywhere in it.
  test.each([...Array(0x21).keys(), 0x5c, 0x7f, 0x85, 0x9f])(
    "refuses the character %i at every place",
    (character) => {
      const endpoint = "https://auth.example:8443/authorize?a=b"
      for (let place = 0; place <= endpoint.length; place++) {
        const broken = endpoint.slice(0, place) + String.fromCharCode(character) + endpoint.slice(place)
        expect(Result.isFailure(checked(broken)), JSON.stringify(broken)).toBe(true)
      }
    },
  )

  test("what it takes is https, or http on loopback, for every scheme and host", () => {
    const hosts = ["localhost", "127.0.0.1", "[::1]", "auth.example", "10.0.0.1", "[fe80::1]"]
    for (const scheme of ["http", "https", "ftp", "ws", "wss", "file", "evil-app", "javascript", "data"]) {
      for (const [index, host] of hosts.entries()) {
        const isSafe = scheme === "https" || (scheme === "http" && index < 3)
        const endpoint = `${scheme}://${host}/authorize`
        expect(Result.isSuccess(checked(endpoint)), endpoint).toBe(isSafe)
      }
    }
  })
})
