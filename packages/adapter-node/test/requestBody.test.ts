import { type Mountable, toNodeHandler } from "@mooring/adapter-node"
import { once } from "node:events"
import { Agent, createServer, request as httpRequest, IncomingMessage, type RequestListener } from "node:http"
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2"
import { buffer, json, text } from "node:stream/consumers"
import { describe, expect, test } from "vitest"
import { listen } from "./listen.ts"
import { echo, mountable, readingByMethod } from "./mountables.ts"
import { settled } from "./settled.ts"

const post = (
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = { "content-type": "application/json" },
) => ({
  method: "POST",
  body,
  headers,
})

describe.each([
  ["any mountable", (mountable: Mountable) => mountable],
  ["one that reads bodies by method", readingByMethod],
])("for %s", (_, as) => {
  const handle = (mountable: Mountable) => toNodeHandler(as(mountable))

  /** As a body parser does it: reads the whole body, and leaves something on the request. */
  const parsing =
    (leave: (bytes: Buffer) => object): RequestListener =>
    async (req, res) => {
      Object.assign(req, leave(await buffer(req)))
      await handle(echo)(req, res)
    }

  describe("a body that nobody has read", () => {
    test("is streamed as it comes", async () => {
      const firstRead = Promise.withResolvers<void>()
      const handler = handle(
        mountable(async (request) => {
          let received = ""
          for await (const chunk of request.body ?? []) {
            received += new TextDecoder().decode(chunk)
            firstRead.resolve()
          }
          return new Response(received)
        }),
      )
      await using server = await listen(createServer(handler))
      const request = httpRequest(`${server.origin}/v1`, { method: "POST" })
      request.write("one ")
      await firstRead.promise
      request.end("two")
      const [response] = await once(request, "response")
      expect(await text(response)).toBe("one two")
    })

    test("is not read until asked for", async () => {
      const seen: Array<unknown> = []
      const handler = handle(
        mountable(async (request, req) => {
          if (!(req instanceof IncomingMessage)) throw new Error("not the request of Node")
          // A turn of the event loop, in which a stream that reads ahead would have begun to.
          await new Promise((resolve) => setImmediate(resolve))
          seen.push(request.body !== null, req.readableFlowing, req.readableDidRead)
          return new Response(await request.text())
        }),
      )
      await using server = await listen(createServer(handler))
      const response = await fetch(`${server.origin}/v1`, post("{}"))
      expect(await response.text()).toBe("{}")
      expect(seen).toEqual([true, null, false])
    })

    test("of 20 MB arrives whole", async () => {
      const body = Buffer.alloc(20_000_000, "0123456789")
      const handler = handle(
        mountable(async (request) => {
          const received = Buffer.from(await request.arrayBuffer())
          return Response.json({ same: received.equals(body) })
        }),
      )
      await using server = await listen(createServer(handler))
      const response = await fetch(`${server.origin}/v1`, post(body))
      expect(await response.json()).toEqual({ same: true })
    })

    test("is not read faster than it is asked for", async () => {
      const gate = Promise.withResolvers<void>()
      let readFromSocket = (): number => 0
      const handler = handle(
        mountable(async (request, req) => {
          if (!(req instanceof IncomingMessage) || request.body === null) throw new Error("no body")
          readFromSocket = () => req.socket.bytesRead
          const reader = request.body.getReader()
          let length = (await reader.read()).value?.byteLength ?? 0
          await gate.promise
          for (let result = await reader.read(); !result.done; result = await reader.read()) {
            length += result.value.byteLength
          }
          return Response.json({ length })
        }),
      )
      await using server = await listen(createServer(handler))
      const answer = fetch(`${server.origin}/v1`, post(Buffer.alloc(20_000_000)))
      expect(await settled(() => readFromSocket())).toBeLessThan(1_000_000)
      gate.resolve()
      expect(await (await answer).json()).toEqual({ length: 20_000_000 })
    })

    test("that the client stops sending is an error, over HTTP/1", async () => {
      const outcome = Promise.withResolvers<string>()
      const reading = Promise.withResolvers<void>()
      const handler = handle(
        mountable(async (request) => {
          reading.resolve()
          await request.text().then(outcome.resolve, () => outcome.resolve("error"))
          return new Response()
        }),
      )
      await using server = await listen(createServer(handler))
      const request = httpRequest(`${server.origin}/v1`, { method: "POST" })
      request.on("error", () => {})
      request.write("half of i")
      await reading.promise
      request.destroy()
      expect(await outcome.promise).toBe("error")
    })

    test("that the client stops sending is an error, over HTTP/2", async () => {
      const outcome = Promise.withResolvers<string>()
      const reading = Promise.withResolvers<void>()
      const handler = handle(
        mountable(async (request) => {
          const reader = request.body?.getReader()
          await reader?.read()
          reading.resolve()
          await reader?.read().then(
            () => outcome.resolve("complete"),
            () => outcome.resolve("error"),
          )
          return new Response()
        }),
      )
      await using server = await listen(createHttp2Server(handler))
      const session = connectHttp2(server.origin)
      const stream = session.request({ ":method": "POST", ":path": "/v1" })
      stream.on("error", () => {})
      stream.write("half of i")
      await reading.promise
      // Not `stream.close`, with which Node's client first says that the body is complete.
      session.destroy()
      expect(await outcome.promise).toBe("error")
    })

    test("reads over HTTP/2, with or without a length", async () => {
      await using server = await listen(createHttp2Server(handle(echo)))
      const session = connectHttp2(server.origin)
      for (const headers of [{}, { "content-length": 3 }]) {
        const stream = session.request({ ":method": "POST", ":path": "/v1", ...headers })
        stream.end("{ }")
        expect(await json(stream)).toMatchObject({ hasBody: true, body: "{ }" })
      }
      session.destroy()
    })

    describe.each([
      ["left unread", async () => new Response("refused")],
      [
        "read in part",
        async (request: Request) => {
          await request.body?.getReader().read()
          return new Response("refused")
        },
      ],
      [
        "cancelled",
        async (request: Request) => {
          const reader = request.body?.getReader()
          await reader?.read()
          await reader?.cancel()
          return new Response("refused")
        },
      ],
    ])("and is %s does not block the connection", (_, answer) => {
      test("of HTTP/1", async () => {
        await using server = await listen(createServer(handle(mountable(answer))))
        const agent = new Agent({ keepAlive: true, maxSockets: 1 })
        for (let round = 0; round < 3; round++) {
          const request = httpRequest(`${server.origin}/v1`, { method: "POST", agent })
          request.end(Buffer.alloc(2_000_000))
          const [response] = await once(request, "response")
          expect(await text(response)).toBe("refused")
        }
        expect(server.sockets.size).toBe(1)
        agent.destroy()
      })

      test("of HTTP/2", async () => {
        await using server = await listen(createHttp2Server(handle(mountable(answer))))
        const session = connectHttp2(server.origin)
        for (let round = 0; round < 3; round++) {
          const stream = session.request({ ":method": "POST", ":path": "/v1" })
          const closed = once(stream, "close")
          stream.end(Buffer.alloc(2_000_000))
          expect(await text(stream)).toBe("refused")
          await closed
        }
        session.destroy()
      })
    })

    test("and is cancelled is discarded before there is an answer", async () => {
      const uploaded = Promise.withResolvers<void>()
      const cancelled = Promise.withResolvers<void>()
      const handler = handle(
        mountable(async (request) => {
          const reader = request.body?.getReader()
          await reader?.read()
          // One that is waiting is what the next bytes would be for.
          const next = reader?.read()
          await reader?.cancel()
          cancelled.resolve()
          await uploaded.promise
          return Response.json(await next)
        }),
      )
      await using server = await listen(createServer(handler))
      const request = httpRequest(`${server.origin}/v1`, { method: "POST" })
      request.write("first")
      await cancelled.promise
      request.end(Buffer.alloc(20_000_000), uploaded.resolve)
      const [response] = await once(request, "response")
      expect(await json(response)).toEqual({ done: true })
    })

    test("is streamed although a parser left an empty object", async () => {
      await using server = await listen(
        createServer((req, res) => handle(echo)(Object.assign(req, { body: {} }), res)),
      )
      const response = await fetch(`${server.origin}/v1`, post("plain", { "content-type": "text/plain" }))
      expect(await response.json()).toMatchObject({ body: "plain" })
    })
  })

  describe("a body that a parser has read is rebuilt", () => {
    test.each<[string, (bytes: Buffer) => object, string]>([
      ["a Buffer as it is", (body) => ({ body }), '{ "a": 1 }'],
      ["a Uint8Array as it is", (body) => ({ body: new Uint8Array(body) }), '{ "a": 1 }'],
      ["a string as it is", (body) => ({ body: body.toString() }), '{ "a": 1 }'],
      ["an object as JSON", (body) => ({ body: JSON.parse(body.toString()) }), '{"a":1}'],
      ["null as JSON", () => ({ body: null }), "null"],
      ["the raw body where there is no other", (rawBody) => ({ body: undefined, rawBody }), '{ "a": 1 }'],
      ["what middleware changed, not the raw body", (rawBody) => ({ body: { b: 2 }, rawBody }), '{"b":2}'],
    ])("from %s", async (_, leave, expected) => {
      await using server = await listen(createServer(parsing(leave)))
      const response = await fetch(`${server.origin}/v1`, {
        ...post('{ "a": 1 }'),
        headers: { "content-type": "application/json", "content-encoding": "identity" },
      })
      const got = await response.json()
      expect(got).toMatchObject({ body: expected, headers: { "content-type": "application/json" } })
      // Of the bytes that are there now, not of those on the wire.
      expect(got).toMatchObject({ headers: { "content-length": String(Buffer.byteLength(expected)) } })
      expect(got).not.toHaveProperty("headers.content-encoding")
    })

    test("without a content-type where the client sent none", async () => {
      await using server = await listen(createServer(parsing((body) => ({ body: body.toString() }))))
      const request = httpRequest(`${server.origin}/v1`, { method: "POST" })
      request.end("plain")
      const [response] = await once(request, "response")
      const got = await json(response)
      expect(got).toMatchObject({ body: "plain" })
      expect(got).not.toHaveProperty("headers.content-type")
    })

    test("over HTTP/2", async () => {
      await using server = await listen(
        createHttp2Server(async (req, res) => {
          await handle(echo)(Object.assign(req, { body: await json(req) }), res)
        }),
      )
      const session = connectHttp2(server.origin)
      const stream = session.request({ ":method": "POST", ":path": "/v1" })
      stream.end('{ "a": 1 }')
      expect(await json(stream)).toMatchObject({ body: '{"a":1}' })
      session.destroy()
    })

    test("but not where it was read and not kept: an error at once, never a hang", async () => {
      const errors: Array<unknown> = []
      await using server = await listen(
        createServer(async (req, res) => {
          await buffer(req)
          await handle(echo)(req, res, (error) => {
            errors.push(error)
            res.end("next")
          })
        }),
      )
      const response = await fetch(`${server.origin}/v1`, post("{}"))
      expect(await response.text()).toBe("next")
      expect(errors).toEqual([
        expect.objectContaining({ message: expect.stringContaining("was read before") }),
      ])
    })
  })

  describe("no body is invented", () => {
    const leavesEmptyObject = parsing(() => ({ body: {} }))

    test.each([
      ["GET", {}],
      ["POST", {}],
      ["POST", { "content-length": 0 }],
      ["POST", { "transfer-encoding": "chunked" }],
      ["DELETE", {}],
    ])("%s %o", async (method, headers) => {
      await using server = await listen(createServer(leavesEmptyObject))
      const request = httpRequest(`${server.origin}/v1`, { method, headers })
      request.end()
      const [response] = await once(request, "response")
      expect(await json(response)).toMatchObject({ method, hasBody: false, body: "" })
    })

    test("over HTTP/2", async () => {
      await using server = await listen(
        createHttp2Server((req, res) => handle(echo)(Object.assign(req, { body: {} }), res)),
      )
      const session = connectHttp2(server.origin)
      const stream = session.request({ ":method": "POST", ":path": "/v1" }, { endStream: true })
      expect(await json(stream)).toMatchObject({ hasBody: false })
      session.destroy()
    })

    test("and that of a GET, which no Request can have, is ignored", async () => {
      await using server = await listen(createServer(handle(echo)))
      const request = httpRequest(`${server.origin}/v1`, { method: "GET", headers: { "content-length": 2 } })
      request.end("{}")
      const [response] = await once(request, "response")
      expect(await json(response)).toMatchObject({ hasBody: false })
    })
  })
})
