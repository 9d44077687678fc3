import { expressMooring, type Mountable } from "@mooring/adapter-express"
import compression from "compression"
import express, { type ErrorRequestHandler, type RequestHandler } from "express"
import { once } from "node:events"
import { request as httpRequest } from "node:http"
import { text } from "node:stream/consumers"
import { createGunzip, gzipSync } from "node:zlib"
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from "vitest"
import { listen } from "./listen.ts"

const mountable = (
  fetch: (request: Request, hostRequest: unknown) => Response | Promise<Response>,
): Mountable => ({
  fetch: async (request, hostRequest) => fetch(request, hostRequest),
  handles: (pathname) => pathname.startsWith("/v1/") || pathname === "/",
})

const echo = mountable(async (request) =>
  Response.json({
    url: new URL(request.url).pathname + new URL(request.url).search,
    type: request.headers.get("content-type"),
    hasBody: request.body !== null,
    body: await request.text(),
  }),
)

test("is a handler in the types of Express", () => {
  expectTypeOf(expressMooring(echo)).toExtend<RequestHandler>()
  // Compiles.
  const app = express()
  app.use(expressMooring(echo))
  app.use("/any/path", expressMooring(echo))
  app.all("/any/{*path}", express.json(), expressMooring(echo))
  express.Router().use("/any/path", expressMooring(echo))
  expect(expressMooring(echo)).toHaveLength(3)
})

describe("a body", () => {
  const json = { type: "application/json", sent: '{ "a": 1 }' }
  const parsers: ReadonlyArray<readonly [string, RequestHandler, typeof json, string]> = [
    ["express.json()", express.json(), json, '{"a":1}'],
    ["express.raw()", express.raw({ type: "*/*" }), json, '{ "a": 1 }'],
    ["express.text()", express.text({ type: "*/*" }), json, '{ "a": 1 }'],
    [
      "express.urlencoded()",
      express.urlencoded(),
      { type: "application/x-www-form-urlencoded", sent: "a=1" },
      '{"a":"1"}',
    ],
    ["a parser of another type", express.urlencoded(), json, '{ "a": 1 }'],
  ]

  test.each(parsers)("is the same after %s", async (_, parser, { type, sent }, expected) => {
    await using server = await listen(express().use(parser, expressMooring(echo)))
    const response = await fetch(`${server.origin}/v1/x`, {
      method: "POST",
      body: sent,
      headers: { "content-type": type },
    })
    expect(await response.json()).toMatchObject({ type, body: expected })
  })

  test.each(parsers)("is the same before %s", async (_, parser, { type, sent }) => {
    await using server = await listen(express().use(expressMooring(echo), parser))
    const response = await fetch(`${server.origin}/v1/x`, {
      method: "POST",
      body: sent,
      headers: { "content-type": type },
    })
    expect(await response.json()).toMatchObject({ type, body: sent })
  })

  test("that was compressed is whole after a parser", async () => {
    await using server = await listen(express().use(express.json(), expressMooring(echo)))
    const response = await fetch(`${server.origin}/v1/x`, {
      method: "POST",
      body: gzipSync('{ "a": 1 }'),
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
    })
    expect(await response.json()).toMatchObject({ body: '{"a":1}' })
  })

  test.each(["GET", "POST", "DELETE"])("is not invented by parsers for a %s without one", async (method) => {
    await using server = await listen(
      express().use(express.json(), express.urlencoded(), expressMooring(echo)),
    )
    const response = await fetch(`${server.origin}/v1/x`, { method })
    expect(await response.json()).toMatchObject({ hasBody: false })
  })

  test("that is nested too deeply to be rebuilt is the client's fault", async () => {
    await using server = await listen(express().use(express.json({ limit: "1mb" }), expressMooring(echo)))
    const response = await fetch(`${server.origin}/v1/x`, {
      method: "POST",
      body: "[".repeat(100_000) + "]".repeat(100_000),
      headers: { "content-type": "application/json" },
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ message: "The request body is nested too deeply" })
  })

  test("that is malformed is for the parser to refuse", async () => {
    const refuse: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(400).end("refused")
    await using server = await listen(express().use(express.json(), expressMooring(echo), refuse))
    const response = await fetch(`${server.origin}/v1/x`, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    })
    expect(await response.text()).toBe("refused")
  })
})

describe("mounted at a path", () => {
  test.each(["/mcp", "/deep/er/mcp/"])("%s, it sees what is below", async (path) => {
    await using server = await listen(express().use(path, expressMooring(echo)))
    const response = await fetch(`${server.origin}${path.replace(/\/$/, "")}/v1/x?a=1`)
    expect(await response.json()).toMatchObject({ url: "/v1/x?a=1" })
    expect(await (await fetch(server.origin + path)).json()).toMatchObject({ url: "/" })
  })

  test("of a router in a router", async () => {
    const router = express.Router().use("/mcp", expressMooring(echo))
    await using server = await listen(express().use("/api", router))
    expect(await (await fetch(`${server.origin}/api/mcp/v1/x`)).json()).toMatchObject({ url: "/v1/x" })
  })

  test("it leaves other paths to those after it, bodies and all", async () => {
    const app = express()
      .use("/mcp", expressMooring(echo))
      .post("/mcp/other", express.json(), (req, res) => void res.json({ url: req.url, body: req.body }))
    await using server = await listen(app)
    const response = await fetch(`${server.origin}/mcp/other`, {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    })
    expect(await response.json()).toEqual({ url: "/mcp/other", body: { a: 1 } })
  })
})

test("the resolver gets the request of Express with what middleware has put on it", async () => {
  const user = mountable((_, req) => Response.json({ user: Object(req).user, baseUrl: Object(req).baseUrl }))
  const signIn: RequestHandler = (req, _res, next) => {
    Object.assign(req, { user: "ada" })
    next()
  }
  await using server = await listen(express().use(signIn).use("/mcp", expressMooring(user)))
  expect(await (await fetch(`${server.origin}/mcp/v1/x`)).json()).toEqual({ user: "ada", baseUrl: "/mcp" })
})

test("an error goes to the error handling of Express", async () => {
  const failing = mountable(() => {
    throw new Error("reason")
  })
  const handle: ErrorRequestHandler = (error, _req, res, _next) => void res.status(503).end(error.message)
  await using server = await listen(express().use(expressMooring(failing), handle))
  const response = await fetch(`${server.origin}/v1/x`)
  expect([response.status, await response.text()]).toEqual([503, "reason"])
})

describe("behind compression()", () => {
  const stream = (headers: Record<string, string>) => {
    const source = new TransformStream<Uint8Array, Uint8Array>()
    const cancelled = Promise.withResolvers<void>()
    const writer = source.writable.getWriter()
    writer.closed.catch(() => cancelled.resolve())
    return {
      cancelled: cancelled.promise,
      write: (event: string) => writer.write(new TextEncoder().encode(event)),
      close: () => writer.close(),
      mountable: mountable(() => new Response(source.readable, { headers })),
    }
  }

  test("each event arrives at once, compressed", async () => {
    const events = stream({ "content-type": "text/event-stream" })
    await using server = await listen(express().use(compression(), expressMooring(events.mountable)))
    const request = httpRequest(`${server.origin}/v1/x`, { headers: { "accept-encoding": "gzip" } })
    request.end()
    const [response] = await once(request, "response")
    expect(response.headers["content-encoding"]).toBe("gzip")
    const unzipped = response.pipe(createGunzip())
    for (const event of ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"]) {
      await events.write(event)
      const [chunk] = await once(unzipped, "data")
      expect(String(chunk)).toBe(event)
    }
    await events.close()
    await once(unzipped, "end")
  })

  test("each event arrives at once where the stream must not be transformed", async () => {
    const events = stream({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
    })
    await using server = await listen(express().use(compression(), expressMooring(events.mountable)))
    const response = await fetch(`${server.origin}/v1/x`, { headers: { "accept-encoding": "gzip" } })
    expect(response.headers.has("content-encoding")).toBe(false)
    const reader = response.body?.getReader()
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
      await events.write(event)
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(event)
    }
    await events.close()
    expect(await reader?.read()).toMatchObject({ done: true })
  })

  test("a whole body is compressed", async () => {
    const words = "compressible ".repeat(1000)
    await using server = await listen(
      express().use(compression(), expressMooring(mountable(() => new Response(words)))),
    )
    const request = httpRequest(`${server.origin}/v1/x`, { headers: { "accept-encoding": "gzip" } })
    request.end()
    const [response] = await once(request, "response")
    expect(response.headers["content-encoding"]).toBe("gzip")
    expect(await text(response.pipe(createGunzip()))).toBe(words)
  })

  test("a long body arrives whole, and without piling up listeners", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue()
    onTestFinished(() => warn.mockRestore())
    const chunk = new Uint8Array(65_536)
    const long = mountable(() => {
      // Bytes that do not compress, so that the client's connection is what it waits for.
      const chunks = Array.from({ length: 200 }, () => crypto.getRandomValues(chunk.slice()))
      return new Response(ReadableStream.from(chunks), { headers: { "content-type": "text/plain" } })
    })
    await using server = await listen(express().use(compression(), expressMooring(long)))
    const response = await fetch(`${server.origin}/v1/x`, { headers: { "accept-encoding": "gzip" } })
    expect(response.headers.get("content-encoding")).toBe("gzip")
    expect((await response.arrayBuffer()).byteLength).toBe(200 * 65_536)
    expect(warn).not.toHaveBeenCalled()
  })

  test("a client that goes away is noticed", async () => {
    const events = stream({ "content-type": "text/event-stream" })
    await using server = await listen(express().use(compression(), expressMooring(events.mountable)))
    const request = httpRequest(`${server.origin}/v1/x`, { headers: { "accept-encoding": "gzip" } })
    request.end()
    const [response] = await once(request, "response")
    response.on("error", () => {})
    const left = performance.now()
    request.destroy()
    await events.cancelled
    expect(performance.now() - left).toBeLessThan(100)
  })
})

test("concurrent requests get each its own answer", async () => {
  await using server = await listen(express().use(express.json(), expressMooring(echo)))
  const numbers = Array.from({ length: 50 }, (_, index) => index)
  const bodies = await Promise.all(
    numbers.map(async (number) => {
      const response = await fetch(`${server.origin}/v1/${number}`, {
        method: "POST",
        body: JSON.stringify({ number }),
        headers: { "content-type": "application/json" },
      })
      return response.json()
    }),
  )
  expect(bodies).toEqual(
    numbers.map((number) => expect.objectContaining({ url: `/v1/${number}`, body: `{"number":${number}}` })),
  )
})
