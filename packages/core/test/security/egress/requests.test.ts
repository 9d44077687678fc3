import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { type Echo, echo, listen, openEgress, rejection } from "./harness.ts"

const echoed = async (
  input: string | URL | Request | ((url: string) => Request),
  init?: RequestInit,
): Promise<Echo> => {
  const server = await listen(echo)
  const { fetch } = await openEgress()
  const target = typeof input === "function" ? input(server.url) : `${server.url}${String(input)}`
  const response = await fetch(target, init)
  return response.json() as Promise<Echo> // the server of the harness
}

const post = (url: string) =>
  new Request(`${url}/r`, { method: "POST", body: "hello", headers: { "x-one": "1" } })

describe("a request", () => {
  it("has the method, path and query of its URL", async () => {
    expect(await echoed("/a%20b/c?d=%26&e#fragment", { method: "delete" })).toMatchObject({
      method: "DELETE",
      url: "/a%20b/c?d=%26&e",
    })
  })

  it("names itself and what it accepts, unless the caller does", async () => {
    const { headers } = await echoed("/")
    expect(headers).toMatchObject({
      accept: "*/*",
      "accept-encoding": "br, gzip, deflate",
      "user-agent": "mooring",
    })
    const own = { accept: "application/json", "accept-encoding": "identity", "user-agent": "host/1.0" }
    expect((await echoed("/", { headers: own })).headers).toMatchObject(own)
  })

  it("takes headers in each of the forms of fetch", async () => {
    for (const headers of [
      { "X-One": "1", "X-Two": "\u00e9" },
      [
        ["x-one", "1"],
        ["X-Two", "\u00e9"],
      ] satisfies Array<[string, string]>,
      new Headers({ "x-one": "1", "x-two": "\u00e9" }),
    ]) {
      expect((await echoed("/", { headers })).headers).toMatchObject({ "x-one": "1", "x-two": "\u00e9" })
    }
  })

  it("sends bodies of every kind, with the content type that they imply", async () => {
    const bytes = new TextEncoder().encode("..hello..")
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes.subarray(2, 5))
        controller.enqueue(bytes.subarray(5, 7))
        controller.close()
      },
    })
    const kinds: ReadonlyArray<readonly [NonNullable<RequestInit["body"]>, string, string | undefined]> = [
      ["hello", "hello", "text/plain;charset=UTF-8"],
      [new URLSearchParams({ a: "1 2" }), "a=1+2", "application/x-www-form-urlencoded;charset=UTF-8"],
      [bytes.subarray(2, 7), "hello", undefined],
      [bytes.slice(2, 7).buffer, "hello", undefined],
      [stream, "hello", undefined],
      [new Blob(["hello"], { type: "text/x-test" }), "hello", "text/x-test"],
    ]
    for (const [body, text, type] of kinds) {
      const received = await echoed("/", { method: "POST", body })
      expect(received.body).toBe(text)
      expect(received.headers["content-type"]).toBe(type)
    }
    const own = await echoed("/", {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    })
    expect(own.headers["content-type"]).toBe("application/json")
  })

  it("may be a Request, of which the init overrides parts", async () => {
    expect(await echoed(post)).toMatchObject({
      method: "POST",
      url: "/r",
      body: "hello",
      headers: { "x-one": "1" },
    })
    expect(await echoed(post, { method: "PUT", headers: { "x-two": "2" }, body: "bye" })).toMatchObject({
      method: "PUT",
      body: "bye",
      headers: { "x-two": "2" },
    })
    const used = new Request("http://127.0.0.1:1/", { method: "POST", body: "hello" })
    await used.text()
    const { fetch } = await openEgress()
    expect(await rejection(fetch(used))).toMatchObject({ message: expect.stringContaining("already read") })
  })

  it("does not let its caller choose the virtual host or the framing", async () => {
    const { headers, body } = await echoed("/", {
      method: "POST",
      body: "hello",
      headers: {
        host: "internal.example",
        connection: "x-secret, close",
        "content-length": "1",
        "keep-alive": "timeout=100",
        "transfer-encoding": "chunked",
        te: "trailers",
        trailer: "x",
        upgrade: "h2c",
        expect: "100-continue",
        "proxy-connection": "keep-alive",
      },
    })
    expect(headers["host"]).toMatch(/^127\.0\.0\.1:/)
    expect(headers).toMatchObject({ connection: "keep-alive", "content-length": "5" })
    for (const name of [
      "keep-alive",
      "transfer-encoding",
      "te",
      "trailer",
      "upgrade",
      "expect",
      "proxy-connection",
    ]) {
      expect(headers).not.toHaveProperty(name)
    }
    expect(body).toBe("hello")
  })

  it("is not sent with a header that HTTP does not allow, and the error keeps its value secret", async () => {
    const server = await listen(echo)
    const { fetch } = await openEgress()
    for (const value of ["s3cret\r\nx-injected: 1", "s3cret\n", "s3cret\0", "s3cret\u0100", "s3cret\u007f"]) {
      for (const headers of [{ "x-key": value }, [["x-key", value]] satisfies Array<[string, string]>]) {
        const error = await rejection(fetch(server.url, { headers }))
        expect(error).toBeInstanceOf(TypeError)
        expect(error).toMatchObject({ message: expect.stringContaining('"x-key"') })
        expect(inspect(error, { depth: 9 })).not.toContain("s3cret")
      }
    }
    for (const name of ["x key: s3cret", "x-key:", "", "x\r\ny", "\u00e9"]) {
      const error = await rejection(fetch(server.url, { headers: { [name]: "1" } }))
      expect(error).toBeInstanceOf(TypeError)
      expect(inspect(error, { depth: 9 })).not.toContain("s3cret")
    }
    expect(server.requests()).toBe(0)
  })

  it("is not sent with a method or body that fetch does not allow", async () => {
    const server = await listen(echo)
    const { fetch } = await openEgress()
    for (const init of [
      { method: "CONNECT" },
      { method: "trace" },
      { method: "GE T" },
      { method: "GET", body: "x" },
      { method: "head", body: "x" },
    ]) {
      expect(await rejection(fetch(server.url, init))).toBeInstanceOf(TypeError)
    }
    expect(server.requests()).toBe(0)
  })

  it("to what is no URL is refused without repeating it", async () => {
    const { fetch } = await openEgress()
    const error = await rejection(fetch("/mcp?key=s3cret"))
    expect(error).toMatchObject({ cause: { rule: "url" } })
    expect(inspect(error, { depth: 9 })).not.toContain("s3cret")
  })

  it("whose streamed body fails is a failure", async () => {
    const server = await listen(echo)
    const { fetch } = await openEgress()
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("no more")) })
    expect(await rejection(fetch(server.url, { method: "POST", body }))).toMatchObject({
      message: "fetch failed",
      cause: { message: "no more" },
    })
  })

  it("gives its streamed body back when it is refused", async () => {
    let cancelled = 0
    const body = () => new ReadableStream({ cancel: () => void cancelled++ })
    const { fetch } = await openEgress({ connectTimeoutMs: 1 }, { resolver: (_, __, done) => done(null, []) })
    await rejection(fetch("https://nowhere.example/", { method: "POST", body: body() }))
    expect(cancelled).toBe(1)
  })
})
