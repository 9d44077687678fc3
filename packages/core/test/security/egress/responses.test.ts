import { getEventListeners, once } from "node:events"
import type { RequestListener } from "node:http"
import { brotliCompressSync, constants, createGzip, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { egressRefusal } from "../../../src/security/egress/fetchFailure.ts"
import { ResponseTooLarge } from "../../../src/security/egress/ResponseTooLarge.ts"
import type { Resolver } from "../../../src/security/egress/vettingConnector.ts"
import { listen, loopback, openEgress, rejection, signal, until } from "./harness.ts"

const answer =
  (
    body: string | Uint8Array,
    headers: Record<string, string | Array<string>> = {},
    status = 200,
  ): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body)

/** Two hundred megabytes of zeros, as gzip: some two hundred kilobytes. */
const bomb = async (): Promise<Buffer> => {
  const gzip = createGzip()
  const chunks: Array<Buffer> = []
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk))
  const zeros = Buffer.alloc(1024 * 1024)
  for (let count = 0; count < 200; count++) if (!gzip.write(zeros)) await once(gzip, "drain")
  gzip.end()
  await once(gzip, "end")
  return Buffer.concat(chunks)
}

describe("a response", () => {
  it("is the global one, with status, headers and body", async () => {
    const server = await listen((_, response) =>
      response
        .writeHead(418, "Short and stout", { "content-type": "application/json", "x-one": "\u00e9" })
        .end('{"a":1}'),
    )
    const { fetch } = await openEgress()
    const response = await fetch(server.url)
    expect(response).toBeInstanceOf(globalThis.Response)
    expect(response).toMatchObject({
      status: 418,
      statusText: "Short and stout",
      ok: false,
      url: `${server.url}/`,
    })
    expect(response.headers.get("x-one")).toBe("\u00e9")
    const copy = response.clone()
    expect(await response.json()).toEqual({ a: 1 })
    expect(await copy.text()).toBe('{"a":1}')
  })

  it("keeps its cookies apart", async () => {
    const server = await listen(answer("", { "set-cookie": ["a=1; Path=/", "b=2"] }))
    const { fetch } = await openEgress()
    expect((await fetch(server.url)).headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2"])
  })

  it.each([204, 205, 304])("of %i has no body", async (status) => {
    const server = await listen(
      answer("", { "content-type": "text/event-stream", "content-encoding": "gzip" }, status),
    )
    const { fetch } = await openEgress()
    const response = await fetch(server.url, { headers: { accept: "text/event-stream" } })
    expect(response).toMatchObject({ status, body: null })
  })

  it("to HEAD has no body, and may tell of a large one", async () => {
    const server = await listen(answer("", { "content-length": "999999999", "content-encoding": "gzip" }))
    const { fetch } = await openEgress()
    const response = await fetch(server.url, { method: "HEAD" })
    expect(response.body).toBeNull()
    expect(response.headers.get("content-length")).toBe("999999999")
  })

  it("comes after informational ones", async () => {
    const server = await listen((_, response) => {
      const hints = { link: "</a>; rel=preload", "content-type": "text/event-stream" }
      response.writeEarlyHints(hints, () => response.end("final"))
    })
    const { fetch } = await openEgress()
    const response = await fetch(server.url, { headers: { accept: "text/event-stream" } })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe("final")
  })

  it("with a status or phrase that Response does not know is no crash", async () => {
    const phrase = await listen((_, response) => {
      response.socket?.end(
        "HTTP/1.1 200 \u0425\u043e\u0440\u043e\u0448\u043e\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
      )
    })
    const status = await listen((_, response) => {
      response.socket?.end("HTTP/1.1 999 Odd\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno")
    })
    const { fetch } = await openEgress()
    expect(await (await fetch(phrase.url)).text()).toBe("ok")
    expect(await rejection(fetch(status.url))).toMatchObject({ message: "fetch failed" })
  })

  it("which ends too early is a failure", async () => {
    const server = await listen((_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("12345", () => response.destroy())
    })
    const { fetch } = await openEgress()
    expect(await rejection(fetch(server.url))).toMatchObject({
      message: "fetch failed",
      cause: expect.any(Error),
    })
  })
})

describe("a coded body", () => {
  const text = JSON.stringify({ text: "hello ".repeat(1000) })

  it.each([
    ["gzip", gzipSync(text)],
    ["X-GZIP", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["gzip", gzipSync(text, { finishFlush: constants.Z_SYNC_FLUSH })],
  ])("of %s is decoded, and its headers no longer tell of the coding", async (coding, body) => {
    const server = await listen(
      answer(body, { "content-encoding": coding, "content-length": String(body.length) }),
    )
    const { fetch } = await openEgress()
    const response = await fetch(server.url)
    expect(await response.text()).toBe(text)
    expect(response.headers.has("content-encoding")).toBe(false)
    expect(response.headers.has("content-length")).toBe(false)
  })

  it("of a coding that was not asked for stays as it is", async () => {
    for (const coding of ["zstd", "gzip, gzip", "identity"]) {
      const server = await listen(answer("as it is", { "content-encoding": coding }))
      const { fetch } = await openEgress()
      const response = await fetch(server.url)
      expect(await response.text()).toBe("as it is")
      expect(response.headers.get("content-encoding")).toBe(coding)
    }
  })

  it("may be empty", async () => {
    for (const coding of ["gzip", "deflate", "br"]) {
      const server = await listen(answer("", { "content-encoding": coding }))
      const { fetch } = await openEgress()
      expect(await (await fetch(server.url)).text()).toBe("")
    }
  })

  it("which is broken is a failure", async () => {
    for (const coding of ["gzip", "deflate", "br"]) {
      const server = await listen(answer("not coded at all", { "content-encoding": coding }))
      const { fetch } = await openEgress()
      expect(await rejection(fetch(server.url))).toMatchObject({ message: "fetch failed" })
    }
  })

  it("is cut off at the limit while it is decoded", async () => {
    const body = await bomb()
    const server = await listen(answer(body, { "content-encoding": "gzip" }))
    const { fetch } = await openEgress({ ...loopback, maxResponseBytes: 1024 * 1024 })
    const before = process.memoryUsage().rss
    const error = await rejection(fetch(server.url))
    const grown = process.memoryUsage().rss - before
    expect(egressRefusal(error)).toBeInstanceOf(ResponseTooLarge)
    expect(grown).toBeLessThan(64 * 1024 * 1024)
  })
})

const limited = () => openEgress({ ...loopback, maxResponseBytes: 1000 })

describe("the limit of a body", () => {
  it("is exact", async () => {
    const { fetch } = await limited()
    const gzip = { "content-encoding": "gzip" }
    for (const send of [answer(Buffer.alloc(1000)), answer(gzipSync(Buffer.alloc(1000)), gzip)]) {
      const server = await listen(send)
      expect((await (await fetch(server.url)).bytes()).length).toBe(1000)
    }
    for (const send of [answer(Buffer.alloc(1001)), answer(gzipSync(Buffer.alloc(1001)), gzip)]) {
      const server = await listen(send)
      const refusal = egressRefusal(await rejection(fetch(server.url)))
      expect(refusal).toMatchObject({ host: "127.0.0.1", part: "body", maxBytes: 1000 })
    }
  })

  it("closes the connection as soon as the length is told", async () => {
    const closed = signal()
    const server = await listen((request, response) => {
      request.on("close", closed.resolve)
      response.writeHead(200, { "content-length": "1001" }).flushHeaders()
    })
    const { fetch } = await limited()
    expect(egressRefusal(await rejection(fetch(server.url)))).toBeInstanceOf(ResponseTooLarge)
    await closed.promise
  })

  it("closes the connection of a body without end", async () => {
    const closed = signal()
    const server = await listen((request, response) => {
      const send = () => void response.write("x".repeat(100), () => setImmediate(send))
      request.on("close", closed.resolve)
      send()
    })
    const { fetch } = await limited()
    expect(egressRefusal(await rejection(fetch(server.url)))).toBeInstanceOf(ResponseTooLarge)
    await closed.promise
  })

  it("does not depend on how many chunks it comes in", async () => {
    const parts = Array.from({ length: 300 }, (_, index) => String.fromCharCode(97 + (index % 26)))
    const server = await listen((_, response) => {
      const send = (index: number): void =>
        index === parts.length
          ? void response.end()
          : void response.write(parts[index], () => send(index + 1))
      response.socket?.setNoDelay(true)
      send(0)
    })
    const { fetch } = await limited()
    expect(await (await fetch(server.url)).text()).toBe(parts.join(""))
  })
})

describe("the deadline", () => {
  it("holds for a body that trickles, however steadily", async () => {
    const closed = signal()
    const server = await listen((request, response) => {
      const timer = setInterval(() => response.write("x"), 5) // the server trickles, the test does not wait for it
      request.on("close", () => {
        clearInterval(timer)
        closed.resolve()
      })
      response.write("x")
    })
    const { fetch } = await openEgress({ ...loopback, totalTimeoutMs: 100 })
    const error = await rejection(fetch(server.url))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: "fetch failed", cause: { name: "TimeoutError" } })
    await closed.promise
  })

  it("holds while there is no response at all", async () => {
    const server = await listen(() => {})
    const { fetch } = await openEgress({ ...loopback, totalTimeoutMs: 50 })
    expect(await rejection(fetch(server.url))).toMatchObject({ cause: { name: "TimeoutError" } })
  })

  it("holds for the headers alone", async () => {
    const server = await listen(() => {})
    const { fetch } = await openEgress({ ...loopback, headersTimeoutMs: 50 })
    expect(await rejection(fetch(server.url))).toMatchObject({ cause: { code: "UND_ERR_HEADERS_TIMEOUT" } })
  })
})

describe("a signal", () => {
  it("that was aborted before sends nothing", async () => {
    const server = await listen(answer("hello"))
    const { fetch } = await openEgress()
    const reason = new Error("too late")
    expect(await rejection(fetch(server.url, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(server.connections()).toBe(0)
  })

  it("ends the wait for a connection", async () => {
    const asked = signal()
    const controller = new AbortController()
    const { fetch } = await openEgress(loopback, { resolver: () => asked.resolve() })
    const failure = rejection(fetch("https://slow.example/", { signal: controller.signal }))
    await asked.promise
    controller.abort()
    expect(await failure).toBe(controller.signal.reason)
  })

  it("that is aborted while connecting sends nothing", async () => {
    const methods: Array<string | undefined> = []
    const server = await listen((request, response) => {
      methods.push(request.method)
      response.end()
    })
    const asked = signal<() => void>()
    let questions = 0
    const resolver: Resolver = (_, __, done) => {
      const reply = () => done(null, [{ address: "127.0.0.1", family: 4 }])
      if (questions++ === 0) asked.resolve(reply)
      else setImmediate(reply)
    }
    const controller = new AbortController()
    const { fetch } = await openEgress(loopback, { resolver })
    const url = `http://slow.example:${server.port}/`
    const failure = rejection(fetch(url, { signal: controller.signal, method: "POST" }))
    const reply = await asked.promise
    controller.abort()
    await failure
    reply()
    await until(() => server.connections() === 1)
    // A later request that arrives shows that the first one would have.
    for (let count = 0; count < 3; count++) await fetch(url)
    expect(methods).toEqual(["GET", "GET", "GET"])
  })

  it("ends the wait for headers and closes the connection", async () => {
    const [arrived, closed] = [signal(), signal()]
    const server = await listen((request) => {
      request.on("close", closed.resolve)
      arrived.resolve()
    })
    const controller = new AbortController()
    const { fetch } = await openEgress()
    const failure = rejection(fetch(server.url, { signal: controller.signal }))
    await arrived.promise
    controller.abort(new Error("changed my mind"))
    expect(await failure).toBe(controller.signal.reason)
    await closed.promise
  })

  it("ends the wait for the rest of a body and closes the connection", async () => {
    const [sent, closed] = [signal(), signal()]
    const server = await listen((request, response) => {
      request.on("close", closed.resolve)
      response.write("the first half", () => sent.resolve())
    })
    const controller = new AbortController()
    const { fetch } = await openEgress()
    const failure = rejection(fetch(new Request(server.url, { signal: controller.signal })))
    await sent.promise
    controller.abort()
    expect(await failure).toMatchObject({ name: "AbortError" })
    await closed.promise
  })

  it("keeps nothing of a thousand requests", async () => {
    const server = await listen((request, response) =>
      request.url === "/refused" ? void response.destroy() : void response.end("hello"),
    )
    const { signal: shared } = new AbortController()
    const { fetch } = await openEgress()
    for (let count = 0; count < 20; count++) {
      await Promise.all(
        Array.from({ length: 50 }, async () => (await fetch(server.url, { signal: shared })).text()),
      )
    }
    expect(server.requests()).toBe(1000)
    expect(getEventListeners(shared, "abort")).toHaveLength(0)
    await rejection(fetch(`${server.url}/refused`, { signal: shared }))
    await rejection(fetch("http://10.0.0.1/", { signal: shared }))
    expect(getEventListeners(shared, "abort")).toHaveLength(0)
  })
})
