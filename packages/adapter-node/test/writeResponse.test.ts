import { toNodeHandler } from "@mooring/adapter-node"
import { once } from "node:events"
import { createServer, request as httpRequest, ServerResponse } from "node:http"
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type ClientHttp2Session,
} from "node:http2"
import { connect } from "node:net"
import { buffer, text } from "node:stream/consumers"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { listen } from "./listen.ts"
import { counted, mountable, openStream } from "./mountables.ts"
import { settled } from "./settled.ts"

/** The bytes of an answer as they come over the wire, up to the end of the connection. */
const raw = async (port: number, method = "GET"): Promise<string> => {
  const socket = connect(port, "127.0.0.1")
  socket.write(`${method} /v1 HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n\r\n`)
  return text(socket)
}

const request = async (session: ClientHttp2Session, method = "GET") => {
  const stream = session.request({ ":path": "/v1", ":method": method })
  const [headers] = await once(stream, "response")
  return { stream, headers }
}

describe("a body that is whole", () => {
  test.each([
    ["a string", () => new Response("hello"), "hello"],
    ["JSON", () => Response.json({ a: 1 }), '{"a":1}'],
    ["bytes", () => new Response(new Uint8Array([104, 105])), "hi"],
    ["an empty string", () => new Response(""), ""],
    ["nothing", () => new Response(), ""],
  ])("of %s is sent with its length, in one piece", async (_, response, body) => {
    const write = vi.spyOn(ServerResponse.prototype, "write")
    onTestFinished(() => write.mockRestore())
    await using server = await listen(createServer(toNodeHandler(mountable(response))))
    const answer = await raw(server.port)
    expect(answer.toLowerCase()).toContain(`\r\ncontent-length: ${body.length}\r\n`)
    expect(answer).not.toContain("chunked")
    expect(answer.endsWith(`\r\n\r\n${body}`)).toBe(true)
    expect(write).not.toHaveBeenCalled()
  })

  test("keeps the length that it was given", async () => {
    const body = mountable(() => new Response("hello", { headers: { "content-length": "5" } }))
    await using server = await listen(createServer(toNodeHandler(body)))
    expect((await raw(server.port)).match(/content-length/gi)).toHaveLength(1)
  })

  test("over HTTP/2", async () => {
    await using server = await listen(
      createHttp2Server(toNodeHandler(mountable(() => new Response("hello")))),
    )
    const session = connectHttp2(server.origin)
    const { stream, headers } = await request(session)
    expect(headers).toMatchObject({ ":status": 200, "content-length": "5" })
    expect(await text(stream)).toBe("hello")
    session.destroy()
  })
})

describe("status and headers", () => {
  test("are those of the Response", async () => {
    const handler = toNodeHandler(
      mountable(() => new Response("no", { status: 409, statusText: "Taken", headers: { "x-test": "yes" } })),
    )
    await using server = await listen(createServer(handler))
    const answer = await raw(server.port)
    expect(answer).toMatch(/^HTTP\/1.1 409 Taken\r\n/)
    expect(answer).toContain("\r\nx-test: yes\r\n")
  })

  const withCookies = mountable(() => {
    const response = new Response("hello", { headers: { vary: "accept" } })
    response.headers.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT")
    response.headers.append("set-cookie", "b=2")
    return response
  })

  test("keep cookies apart, and those that middleware has set", async () => {
    await using server = await listen(
      createServer((req, res) => {
        res.setHeader("set-cookie", "session=x")
        res.setHeader("vary", "origin")
        return toNodeHandler(withCookies)(req, res)
      }),
    )
    const { headers } = await fetch(`${server.origin}/v1`)
    expect(headers.getSetCookie()).toEqual(["session=x", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"])
    expect(headers.get("vary")).toBe("origin, accept")
  })

  test("keep cookies apart over HTTP/2", async () => {
    await using server = await listen(createHttp2Server(toNodeHandler(withCookies)))
    const session = connectHttp2(server.origin)
    const { headers } = await request(session)
    expect(headers["set-cookie"]).toEqual(["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2"])
    session.destroy()
  })

  test("lose what belongs to a connection over HTTP/2, without a warning", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue()
    onTestFinished(() => warn.mockRestore())
    const handler = toNodeHandler(
      mountable(
        () =>
          new Response("hello", {
            statusText: "Fine",
            headers: {
              connection: "keep-alive",
              "keep-alive": "timeout=5",
              "proxy-connection": "keep-alive",
              "transfer-encoding": "chunked",
              upgrade: "h2c",
              "x-test": "yes",
            },
          }),
      ),
    )
    await using server = await listen(createHttp2Server(handler))
    const session = connectHttp2(server.origin)
    const { stream, headers } = await request(session)
    expect(await text(stream)).toBe("hello")
    expect(Object.keys(headers).toSorted()).toEqual(
      [":status", "content-length", "content-type", "date", "x-test"].toSorted(),
    )
    expect(warn).not.toHaveBeenCalled()
    session.destroy()
  })
})

describe("without a body", () => {
  test.each([204, 304])("%d", async (status) => {
    await using server = await listen(
      createServer(toNodeHandler(mountable(() => new Response(null, { status })))),
    )
    const answer = await raw(server.port)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).not.toMatch(/content-length|transfer-encoding/i)
    expect(answer.endsWith("\r\n\r\n")).toBe(true)
  })

  test("HEAD, which cancels the body that there would be", async () => {
    const { mountable: stream, counts } = openStream()
    await using server = await listen(createServer(toNodeHandler(stream)))
    const answer = await raw(server.port, "HEAD")
    expect(answer).toContain("content-type: text/event-stream")
    expect(answer.endsWith("\r\n\r\n")).toBe(true)
    expect(counts.cancel).toBe(1)
  })

  test("HEAD over HTTP/2", async () => {
    const handler = toNodeHandler(
      mountable(() => new Response("hello", { headers: { "content-length": "5" } })),
    )
    await using server = await listen(createHttp2Server(handler))
    const session = connectHttp2(server.origin)
    const { stream, headers } = await request(session, "HEAD")
    expect(headers).toMatchObject({ ":status": 200, "content-length": "5" })
    expect(await text(stream)).toBe("")
    session.destroy()
  })
})

describe("a body that is streamed", () => {
  test("sends its headers before there is a first chunk", async () => {
    const { mountable: stream } = openStream({ hello: false })
    await using server = await listen(createServer(toNodeHandler(stream)))
    const controller = new AbortController()
    // Resolves with the headers.
    const response = await fetch(`${server.origin}/v1`, { signal: controller.signal })
    expect(response.headers.get("content-type")).toBe("text/event-stream")
    controller.abort()
  })

  test("sends its headers before there is a first chunk, over HTTP/2", async () => {
    const { mountable: stream } = openStream({ hello: false })
    await using server = await listen(createHttp2Server(toNodeHandler(stream)))
    const session = connectHttp2(server.origin)
    const { headers } = await request(session)
    expect(headers).toMatchObject({ ":status": 200, "content-type": "text/event-stream" })
    session.destroy()
  })

  test("sends each chunk when it is there", async () => {
    const source = new TransformStream<Uint8Array, Uint8Array>()
    const writer = source.writable.getWriter()
    await using server = await listen(
      createServer(toNodeHandler(mountable(() => new Response(source.readable)))),
    )
    const response = await fetch(`${server.origin}/v1`)
    const reader = response.body?.getReader()
    for (const word of ["one", "two", "three"]) {
      await writer.write(new TextEncoder().encode(word))
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(word)
    }
    await writer.close()
    expect(await reader?.read()).toMatchObject({ done: true })
  })

  test("whose chunks are all there at once arrives in order", async () => {
    const words = ["one ", "two ", "three"]
    const body = (): ReadableStream<Uint8Array> =>
      ReadableStream.from(words.map((word) => new TextEncoder().encode(word)))
    await using server = await listen(createServer(toNodeHandler(mountable(() => new Response(body())))))
    expect(await (await fetch(`${server.origin}/v1`)).text()).toBe("one two three")
  })

  test("stops its producer while an HTTP/1 client does not read", async () => {
    const { body, state, bytes } = counted(1024)
    await using server = await listen(createServer(toNodeHandler(mountable(() => new Response(body)))))
    const stalled = httpRequest(`${server.origin}/v1`)
    stalled.end()
    const [response] = await once(stalled, "response")
    const produced = await settled(() => state.produced)
    expect(produced).toBeLessThan(512)
    expect((await buffer(response)).byteLength).toBe(bytes)
    expect(state.produced).toBe(1024)
  })

  test("stops its producer while an HTTP/2 client does not read", async () => {
    const { body, state, bytes } = counted(256)
    await using server = await listen(createHttp2Server(toNodeHandler(mountable(() => new Response(body)))))
    const session = connectHttp2(server.origin)
    const { stream } = await request(session)
    expect(await settled(() => state.produced)).toBeLessThan(16)
    expect((await buffer(stream)).byteLength).toBe(bytes)
    session.destroy()
  })

  test("waits for room with a single listener", async () => {
    const { body } = counted(1024)
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue()
    onTestFinished(() => warn.mockRestore())
    let listeners = (): number => -1
    const handler = toNodeHandler(mountable(() => new Response(body)))
    await using server = await listen(
      createServer((req, res) => {
        listeners = () => res.listenerCount("drain")
        return handler(req, res)
      }),
    )
    await (await fetch(`${server.origin}/v1`)).arrayBuffer()
    expect(listeners()).toBe(1)
    expect(warn).not.toHaveBeenCalled()
  })
})

describe("a body that fails", () => {
  const failing = (chunks: number) =>
    mountable(() => {
      let sent = 0
      const body = new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          if (sent++ === chunks) throw new Error("secret reason")
          controller.enqueue(new TextEncoder().encode("data: hello\n\n"))
          // A turn of the event loop, so that each chunk goes out by itself.
          await new Promise((resolve) => setImmediate(resolve))
        },
      })
      return new Response(body, { headers: { "content-type": "text/event-stream", "x-test": "yes" } })
    })

  test("before its first byte is answered with 500 and nothing of the Response", async () => {
    await using server = await listen(createServer(toNodeHandler(failing(0))))
    const response = await fetch(`${server.origin}/v1`)
    expect(response.status).toBe(500)
    expect(response.headers.has("x-test")).toBe(false)
    expect(await response.json()).toEqual({
      detail: "Internal Server Error",
      message: "Internal Server Error",
    })
  })

  test("by being text and not bytes is not sent with a wrong length", async () => {
    const body = (): ReadableStream => ReadableStream.from(["hello"])
    await using server = await listen(createServer(toNodeHandler(mountable(() => new Response(body())))))
    const response = await fetch(`${server.origin}/v1`)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ message: "Internal Server Error" })
  })

  test("in mid-stream is seen as truncated by an HTTP/1 client", async () => {
    await using server = await listen(createServer(toNodeHandler(failing(3))))
    const response = await fetch(`${server.origin}/v1`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow("terminated")
  })

  test("in mid-stream is seen as failed by an HTTP/2 client", async () => {
    await using server = await listen(createHttp2Server(toNodeHandler(failing(3))))
    const session = connectHttp2(server.origin)
    const { stream } = await request(session)
    await expect(text(stream)).rejects.toThrow("NGHTTP2_INTERNAL_ERROR")
    session.destroy()
  })

  test("in mid-stream is told to next, once", async () => {
    const errors: Array<unknown> = []
    const told = Promise.withResolvers<void>()
    const handler = toNodeHandler(failing(3))
    await using server = await listen(
      createServer((req, res) =>
        handler(req, res, (error) => {
          errors.push(error)
          told.resolve()
        }),
      ),
    )
    const response = await fetch(`${server.origin}/v1`)
    await expect(response.text()).rejects.toThrow("terminated")
    await told.promise
    expect(errors).toEqual([new Error("secret reason")])
  })

  test("by a chunk that is none is cancelled", async () => {
    const cancelled = Promise.withResolvers<void>()
    const handler = toNodeHandler(
      mountable(() => {
        const body = new ReadableStream({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode("data: hello\n\n"))
            controller.enqueue({ not: "bytes" })
          },
          cancel: () => cancelled.resolve(),
        })
        return new Response(body)
      }),
    )
    await using server = await listen(createServer(handler))
    const response = await fetch(`${server.origin}/v1`)
    await expect(response.text()).rejects.toThrow("terminated")
    await cancelled.promise
  })
})

test("a response that someone else has given meanwhile is left alone", async () => {
  const gate = Promise.withResolvers<void>()
  const { mountable: stream, counts } = openStream()
  const handler = toNodeHandler({
    ...stream,
    fetch: async (incoming) => {
      await gate.promise
      return stream.fetch(incoming)
    },
  })
  const handled = Promise.withResolvers<void>()
  const errors: Array<unknown> = []
  await using server = await listen(
    createServer((req, res) => {
      void handler(req, res, (error) => errors.push(error)).then(handled.resolve)
      res.writeHead(503).end("timed out")
    }),
  )
  const response = await fetch(`${server.origin}/v1`)
  expect(await response.text()).toBe("timed out")
  gate.resolve()
  await handled.promise
  expect(errors).toEqual([])
  expect(counts.cancel).toBe(1)
})
