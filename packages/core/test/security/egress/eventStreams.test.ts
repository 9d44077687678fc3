import { randomBytes } from "node:crypto"
import { getEventListeners } from "node:events"
import type { RequestListener, ServerResponse } from "node:http"
import {
  brotliCompressSync,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  gzipSync,
} from "node:zlib"
import type { Dispatcher } from "undici"
import { describe, expect, it } from "vitest"
import type { ContentCoding } from "../../../src/security/egress/contentCoding.ts"
import { EventMeter } from "../../../src/security/egress/EventMeter.ts"
import { EventStreamBody } from "../../../src/security/egress/EventStreamBody.ts"
import { egressRefusal } from "../../../src/security/egress/fetchFailure.ts"
import { ResponseTooLarge } from "../../../src/security/egress/ResponseTooLarge.ts"
import { listen, loopback, openEgress, rejection, signal, until } from "./harness.ts"

const accept = { headers: { accept: "application/json, text/event-stream" } }
const type = { "content-type": "text/event-stream; charset=utf-8" }

/** A server which hands its open event stream to the test. */
const streaming = async (headers: Record<string, string> = type) => {
  const opened = signal<ServerResponse>()
  const closed = signal()
  const server = await listen((request, response) => {
    request.on("close", closed.resolve)
    response.writeHead(200, headers).flushHeaders()
    opened.resolve(response)
  })
  return { url: server.url, opened: opened.promise, closed: closed.promise }
}

const bytes = (length: number) => new TextEncoder().encode("x".repeat(length))

describe("an event stream", () => {
  it("is delivered event by event", async () => {
    const server = await streaming()
    const { fetch } = await openEgress()
    const response = await fetch(server.url, accept)
    expect(response).toBeInstanceOf(globalThis.Response)
    expect(response).toMatchObject({ status: 200, url: `${server.url}/` })
    expect(response.headers.get("content-type")).toBe(type["content-type"])
    const events = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const sending = await server.opened
    for (const event of ["data: 1\n\n", "data: 2\n\n", ": ping\n\n"]) {
      // The next event is sent when the last one has arrived.
      sending.write(event)
      expect(await events?.read()).toEqual({ done: false, value: event })
    }
    sending.end()
    expect(await events?.read()).toMatchObject({ done: true })
  })

  it.each([
    ["gzip", createGzip],
    ["deflate", createDeflate],
    ["deflate", createDeflateRaw],
    ["br", createBrotliCompress],
  ])("of %s is decoded and delivered event by event", async (coding, compressor) => {
    const server = await streaming({ ...type, "content-encoding": coding })
    const { fetch } = await openEgress()
    const response = await fetch(server.url, accept)
    expect(response.headers.has("content-encoding")).toBe(false)
    const events = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const encode = compressor()
    encode.pipe(await server.opened)
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
      encode.write(event)
      encode.flush()
      expect(await events?.read()).toEqual({ done: false, value: event })
    }
    encode.end()
    expect(await events?.read()).toMatchObject({ done: true })
  })

  it("which is cancelled closes its connection", async () => {
    const server = await streaming()
    const { fetch } = await openEgress()
    const response = await fetch(server.url, accept)
    await response.body?.cancel()
    expect(await server.closed).toBeUndefined()
  })

  it("which is aborted fails with the reason, closes its connection and forgets the signal", async () => {
    const server = await streaming()
    const controller = new AbortController()
    const { fetch } = await openEgress()
    const response = await fetch(server.url, { ...accept, signal: controller.signal })
    const reader = response.body?.getReader()
    const failure = rejection(Promise.resolve(reader?.read()))
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1)
    controller.abort(new Error("changed my mind"))
    expect(await failure).toBe(controller.signal.reason)
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0)
    await server.closed
  })

  it("forgets the signal at its end, however it ends", async () => {
    const { signal: shared } = new AbortController()
    const { fetch } = await openEgress()
    const endings: ReadonlyArray<(response: ServerResponse, body: ReadableStream) => Promise<unknown>> = [
      async (sending, body) => Promise.all([sending.end(), new Response(body).text()]),
      async (sending, body) => Promise.all([sending.destroy(), rejection(new Response(body).text())]),
      async (_, body) => body.cancel(),
    ]
    for (const end of endings) {
      const server = await streaming()
      const { body } = await fetch(server.url, { ...accept, signal: shared })
      if (body !== null) await end(await server.opened, body)
      await until(() => getEventListeners(shared, "abort").length === 0)
    }
    expect(getEventListeners(shared, "abort")).toHaveLength(0)
  })

  it("whose connection breaks fails as one of global fetch does", async () => {
    const server = await streaming()
    const { fetch } = await openEgress()
    const response = await fetch(server.url, accept)
    const sending = await server.opened
    sending.write("data: 1\n\n", () => sending.destroy())
    const error = await rejection(new Response(response.body).text())
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: "terminated" })
  })

  it("may be longer than the limit and live longer than the deadline", async () => {
    const server = await streaming()
    const silent = await listen(() => {})
    const { fetch } = await openEgress({ ...loopback, maxResponseBytes: 1000, totalTimeoutMs: 50 })
    const response = await fetch(server.url, accept)
    const reader = response.body?.getReader()
    const sending = await server.opened
    // A request that begins later and meets its deadline tells that the one of the stream is over.
    await rejection(fetch(silent.url))
    let received = 0
    for (let count = 1; count <= 20; count++) {
      sending.write(`data: ${"x".repeat(500)}\n\n`)
      while (received < count * 508) received += (await reader?.read())?.value?.length ?? 0
    }
    expect(received).toBe(20 * 508)
  })

  it("with one event over the limit is cut off", async () => {
    for (const headers of [type, { ...type, "content-encoding": "gzip" }]) {
      const server = await streaming(headers)
      const { fetch } = await openEgress({ ...loopback, maxResponseBytes: 1000 })
      const response = await fetch(server.url, accept)
      const failure = rejection(new Response(response.body).text())
      const large = `data: 1\n\ndata: ${"x".repeat(1000)}`
      ;(await server.opened).write("content-encoding" in headers ? gzipSync(large) : large)
      const error = await failure
      expect(error).toBeInstanceOf(ResponseTooLarge)
      expect(error).toMatchObject({ part: "event", maxBytes: 1000 })
      await server.closed
    }
  })

  it("which is a decompression bomb is cut off", async () => {
    const server = await streaming({ ...type, "content-encoding": "br" })
    const { fetch } = await openEgress({ ...loopback, maxResponseBytes: 1024 * 1024 })
    const response = await fetch(server.url, accept)
    // What it takes to make the bomb is the test's own.
    const bomb = brotliCompressSync(Buffer.alloc(100 * 1024 * 1024))
    const before = process.memoryUsage().rss
    ;(await server.opened).write(bomb)
    expect(egressRefusal(await rejection(new Response(response.body).text()))).toBeInstanceOf(
      ResponseTooLarge,
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
    await server.closed
  })

  it("which is not decodable fails", async () => {
    const server = await streaming({ ...type, "content-encoding": "gzip" })
    const { fetch } = await openEgress()
    const response = await fetch(server.url, accept)
    ;(await server.opened).write("data: plain\n\n")
    expect(await rejection(new Response(response.body).text())).toMatchObject({ message: "terminated" })
    await server.closed
  })
})

const endless: RequestListener = (request, response) => {
  const send = () => void response.write("data: 1\n\n", () => setImmediate(send))
  response.writeHead(request.url === "/redirect" ? 307 : request.url === "/failure" ? 500 : 200, {
    ...type,
    location: "/",
  })
  send()
}

describe("an event stream that never ends, sent to a caller who wants a body", () => {
  it("is a body like any other if the caller did not ask for one, or got no success", async () => {
    const server = await listen(endless)
    const { fetch } = await openEgress({ ...loopback, maxResponseBytes: 1000 })
    for (const [path, init] of [
      ["/", {}],
      ["/", { headers: { accept: "application/json" } }],
      ["/failure", accept],
      ["/redirect", { ...accept, redirect: "manual" }],
    ] as const) {
      expect(egressRefusal(await rejection(fetch(server.url + path, init)))).toMatchObject({ part: "body" })
    }
  })

  it.each(["text", "json", "bytes", "arrayBuffer", "blob"] as const)(
    "is limited if it is read by %s",
    async (method) => {
      const closed = signal()
      const server = await listen((request, response) => {
        request.on("close", closed.resolve)
        endless(request, response)
      })
      const { fetch } = await openEgress({ ...loopback, maxResponseBytes: 1000 })
      const response = await fetch(server.url, accept)
      const error = await rejection(response[method]())
      expect(egressRefusal(error)).toMatchObject({ part: "body", maxBytes: 1000 })
      await closed.promise
    },
  )

  it("has a deadline if it is read whole", async () => {
    const server = await streaming()
    const { fetch } = await openEgress({ ...loopback, totalTimeoutMs: 50 })
    const response = await fetch(server.url, accept)
    expect(await rejection(response.text())).toMatchObject({ cause: { name: "TimeoutError" } })
    await server.closed
  })

  it("is read whole when it does end", async () => {
    const server = await listen((_, response) => response.writeHead(200, type).end('{"a": 1}'))
    const { fetch } = await openEgress()
    const read = async () => fetch(server.url, accept)
    expect(await (await read()).text()).toBe('{"a": 1}')
    expect(await (await read()).json()).toEqual({ a: 1 })
    expect(await (await (await read()).blob()).text()).toBe('{"a": 1}')
    expect(new Uint8Array(await (await read()).arrayBuffer())).toEqual(new TextEncoder().encode('{"a": 1}'))
    const response = await read()
    expect(response.bodyUsed).toBe(false)
    await response.bytes()
    expect(response.bodyUsed).toBe(true)
    await rejection(response.text())
  })
})

const open = (coding?: ContentCoding) => {
  const log: Array<string> = []
  const upstream: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    abort: () => void log.push("abort"),
    pause: () => void log.push("pause"),
    resume: () => void log.push("resume"),
  }
  const limit = { host: "mcp.example", maxEventBytes: 1024 * 1024 }
  return { log, body: new EventStreamBody(upstream, coding, limit, () => void log.push("ended")) }
}

describe("EventStreamBody", () => {
  it("pauses the connection when its reader is 64 KiB behind, and resumes it when the reader has caught up", async () => {
    const { body, log } = open()
    await Promise.resolve() // the stream has started
    body.push(bytes(65_535))
    expect(log).not.toContain("pause")
    body.push(bytes(1))
    expect(log).toContain("pause")
    log.length = 0
    const reader = body.readable.getReader()
    await reader.read()
    await until(() => log.includes("resume"))
  })

  it("pauses the connection when its decoder is behind, and resumes it when that has caught up", async () => {
    const { body, log } = open("gzip")
    const reader = body.readable.getReader()
    const encoded = gzipSync(randomBytes(512 * 1024))
    for (let start = 0; start < encoded.length; start += 16_384)
      body.push(encoded.subarray(start, start + 16_384))
    expect(log).toContain("pause")
    const read = async () => (await reader.read()).value?.length ?? 0
    let received = 0
    while (received < 512 * 1024) received += await read()
    await until(() => log.includes("resume"))
    body.end()
    expect(await reader.read()).toMatchObject({ done: true })
  })

  it("ends once", async () => {
    const { body, log } = open()
    body.fail(new Error("first"))
    body.fail(new Error("second"))
    body.end()
    body.push(bytes(1))
    expect(await rejection(body.readable.getReader().read())).toMatchObject({ message: "first" })
    expect(log.filter((entry) => entry === "ended")).toHaveLength(1)
  })
})

const exceeds = (text: string, chunkLength: number, maxBytes = 10): boolean => {
  const meter = new EventMeter(maxBytes)
  const all = new TextEncoder().encode(text)
  for (let start = 0; start < all.length; start += chunkLength) {
    if (meter.exceeds(all.subarray(start, start + chunkLength))) return true
  }
  return false
}

describe("EventMeter", () => {
  it.each([
    ["LF", "\n"],
    ["CR", "\r"],
    ["CRLF", "\r\n"],
  ])("counts comments to the event that follows, in lines that end by %s", (_, end) => {
    const encoder = new TextEncoder()
    const comment = `: nothing yet${end}${end}`
    const event = `: with a comment${end}data: 1${end}${end}`
    const meter = new EventMeter(100)
    const exceeds = (text: string) =>
      [...encoder.encode(text)].map((byte) => meter.exceeds(Uint8Array.of(byte))).some(Boolean)
    for (let time = 0; time < 20; time++) expect(exceeds(comment + event)).toBe(false)
    expect(exceeds(comment.repeat(10))).toBe(true)
  })

  it.each([
    ["data: 12\n\ndata: 12\n\ndata: 12\n\n", false],
    ["data: 1\r\rdata: 12\r\rdata: 12\r\r", false],
    ["da: 1\r\n\r\nda: 1\r\n\r\nda: 1\r\n\r\n", false],
    ["a\nb\nc\nd\n\na\nb\nc\nd\n\n", false],
    ["\n\n\n\n\n\n\n\n\n\n\n\n\n", true],
    ["data: 123\n\n", true],
    ["data: 1\n\ndata: 12345", true],
    ["a\r\nb\r\nc\r\nd\r\n", true],
    ["a\nb\nc\nd\ne\nf\n", true],
    ["data: 12345\n\nd\n\n", true],
  ])("knows where the events of %j end, in chunks of any length", (text, expected) => {
    for (let chunkLength = 1; chunkLength <= text.length; chunkLength++) {
      expect(exceeds(text, chunkLength)).toBe(expected)
    }
  })
})
