import type { RequestListener } from "node:http"
import { describe, expect, it } from "vitest"
import { egressRefusal } from "../../../src/security/egress/fetchFailure.ts"
import { NetworkForbidden } from "../../../src/security/egress/NetworkForbidden.ts"
import { outgoingRequest } from "../../../src/security/egress/OutgoingRequest.ts"
import { redirectedRequest } from "../../../src/security/egress/redirectedRequest.ts"
import { type Echo, echo, listen, openEgress, rejection, resolverWith } from "./harness.ts"

const redirectTo =
  (status: number, location: string): RequestListener =>
  (request, response) =>
    request.url === "/target"
      ? void echo(request, response)
      : request.resume().on("end", () => response.writeHead(status, { location, "x-seen": "1" }).end("moved"))

const credentials = {
  authorization: "Bearer s3cret",
  cookie: "s3cret",
  "proxy-authorization": "s3cret",
  "x-api-key": "s3cret",
  "mcp-session-id": "s3cret",
  accept: "application/json",
  "accept-encoding": "identity",
  "user-agent": "host/1.0",
}

describe("a redirect", () => {
  it("is given as it is with redirect: manual", async () => {
    const server = await listen(redirectTo(302, "http://169.254.169.254/latest"))
    const { fetch } = await openEgress()
    const response = await fetch(server.url, { redirect: "manual" })
    expect(response.status).toBe(302)
    expect(response.type).not.toBe("opaqueredirect")
    expect(response.headers.get("location")).toBe("http://169.254.169.254/latest")
    expect(response.headers.get("x-seen")).toBe("1")
    expect(await response.text()).toBe("moved")
  })

  it("is a failure with redirect: error", async () => {
    const server = await listen(redirectTo(302, "/target"))
    const { fetch } = await openEgress()
    expect(await rejection(fetch(server.url, { redirect: "error" }))).toMatchObject({
      message: "fetch failed",
    })
    expect(server.requests()).toBe(1)
  })

  it("within the origin is followed with all headers, and the response knows its URL", async () => {
    const server = await listen(redirectTo(307, "/target"))
    const { fetch } = await openEgress()
    const response = await fetch(`${server.url}/start`, {
      method: "POST",
      body: "hello",
      headers: credentials,
    })
    expect(response).toMatchObject({ redirected: true, url: `${server.url}/target` })
    expect(await response.json()).toMatchObject({ method: "POST", body: "hello", headers: credentials })
    expect(await fetch(`${server.url}/target`)).toMatchObject({
      redirected: false,
      url: `${server.url}/target`,
    })
  })

  it("to another origin loses every header that could be a credential", async () => {
    const target = await listen(echo)
    const server = await listen(redirectTo(302, `${target.url}/target`))
    const { fetch } = await openEgress()
    const response = await fetch(server.url, { headers: credentials })
    const { headers } = (await response.json()) as Echo // the server of the harness
    expect(headers).toMatchObject({
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": "host/1.0",
    })
    expect(JSON.stringify(headers)).not.toContain("s3cret")
  })

  it("to a forbidden address is not followed, by literal or by name", async () => {
    const target = await listen(echo)
    for (const location of [`http://127.0.0.1:${target.port}/`, `http://forbidden.example:${target.port}/`]) {
      const server = await listen(redirectTo(302, location))
      const { resolver } = resolverWith(["127.0.0.1"])
      const { fetch } = await openEgress({ allowHttp: true, allowHosts: ["allowed.example"] }, { resolver })
      const error = await rejection(fetch(`http://allowed.example:${server.port}/`))
      expect(egressRefusal(error)).toMatchObject({ rule: "address" })
      expect(server.requests()).toBe(1)
    }
    expect(target.connections()).toBe(0)
  })

  it("to another scheme, with userinfo or to no URL is not followed", async () => {
    const { fetch } = await openEgress()
    for (const [location, rule] of [
      ["file:///etc/passwd", "scheme"],
      ["data:text/plain,hi", "scheme"],
      ["http://user:s3cret@127.0.0.1/", "userinfo"],
      ["http://[", "url"],
    ] as const) {
      const server = await listen(redirectTo(301, location))
      const error = await rejection(fetch(server.url))
      expect(egressRefusal(error)).toMatchObject({ rule })
      expect(String(error)).not.toContain("s3cret")
    }
  })

  it.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [303, "DELETE", "GET", ""],
    [301, "PUT", "PUT", "hello"],
    [302, "PATCH", "PATCH", "hello"],
    [307, "POST", "POST", "hello"],
    [308, "POST", "POST", "hello"],
  ])("of %i turns %s into %s", async (status, method, expected, body) => {
    const server = await listen(redirectTo(status, "/target"))
    const { fetch } = await openEgress()
    const headers = { "content-type": "text/x-test", "content-language": "en", "x-one": "1" }
    const response = await fetch(server.url, { method, body: "hello", headers })
    const received = (await response.json()) as Echo // the server of the harness
    expect(received).toMatchObject({ method: expected, body, headers: { "x-one": "1" } })
    expect(received.headers["content-type"]).toBe(body === "" ? undefined : "text/x-test")
    expect(received.headers["content-language"]).toBe(body === "" ? undefined : "en")
  })

  it("of 303 leaves HEAD as it is", async () => {
    const methods: Array<string | undefined> = []
    const server = await listen((request, response) => {
      methods.push(request.method)
      redirectTo(303, "/target")(request, response)
    })
    const { fetch } = await openEgress()
    expect((await fetch(server.url, { method: "HEAD" })).status).toBe(200)
    expect(methods).toEqual(["HEAD", "HEAD"])
  })

  it("does not take a body to another origin", async () => {
    const target = await listen(echo)
    const server = await listen(redirectTo(307, `${target.url}/target`))
    const { fetch } = await openEgress()
    const error = await rejection(fetch(server.url, { method: "POST", body: "client_secret=s3cret" }))
    expect(egressRefusal(error)).toMatchObject({ rule: "redirect" })
    expect(target.connections()).toBe(0)
  })

  it("does not take a streamed body anywhere", async () => {
    const server = await listen(redirectTo(307, "/target"))
    const { fetch } = await openEgress()
    const body = new Blob(["hello"]).stream()
    expect(await rejection(fetch(server.url, { method: "POST", body }))).toMatchObject({
      message: "fetch failed",
    })
    expect(server.requests()).toBe(1)
  })

  it("from https to http is not followed, even where http is allowed", () => {
    const request = outgoingRequest("https://mcp.example/")
    const response = new Response(null, { status: 302, headers: { location: "http://mcp.example/" } })
    const next = redirectedRequest(request, response)
    expect(next).toBeInstanceOf(NetworkForbidden)
    expect(next).toMatchObject({ rule: "redirect" })
    const upgrade = redirectedRequest(
      outgoingRequest("http://mcp.example/"),
      new Response(null, { status: 302, headers: { location: "https://mcp.example/" } }),
    )
    expect(upgrade).toMatchObject({ url: new URL("https://mcp.example/") })
  })

  it("is followed five times", async () => {
    const server = await listen((request, response) => {
      const count = Number(request.url?.slice(1))
      if (count === 0) response.end("arrived")
      else response.writeHead(302, { location: `/${count - 1}` }).end()
    })
    const { fetch } = await openEgress()
    expect(await (await fetch(`${server.url}/5`)).text()).toBe("arrived")
    expect(await rejection(fetch(`${server.url}/6`))).toMatchObject({ message: "fetch failed" })
    expect(server.requests()).toBe(12)
  })

  it("without a location is a response", async () => {
    const server = await listen((_, response) => response.writeHead(302).end("nowhere"))
    const { fetch } = await openEgress()
    expect(await (await fetch(server.url)).text()).toBe("nowhere")
  })

  it("does not begin the deadline anew", async () => {
    let hops = 0
    const server = await listen((_, response) => {
      setTimeout(() => response.writeHead(302, { location: "/" }).end(), 40) // the server is slow, not the test
      hops++
    })
    const { fetch } = await openEgress({ allowRanges: ["127.0.0.0/8"], totalTimeoutMs: 100 })
    expect(await rejection(fetch(server.url))).toMatchObject({ cause: { name: "TimeoutError" } })
    expect(hops).toBeLessThan(5)
  })
})
