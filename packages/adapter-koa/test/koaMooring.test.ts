import { bodyParser } from "@koa/bodyparser"
import { koaMooring, type Mountable } from "@mooring/adapter-koa"
import Koa from "koa"
import mount from "koa-mount"
import { once } from "node:events"
import { createServer, request as httpRequest } from "node:http"
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2"
import { json } from "node:stream/consumers"
import { describe, expect, test } from "vitest"
import { listen } from "./listen.ts"

const mountable = (
  fetch: (request: Request, hostRequest: unknown) => Response | Promise<Response>,
): Mountable => ({
  fetch: async (request, hostRequest) => fetch(request, hostRequest),
  handles: (pathname) => !pathname.startsWith("/other"),
})

const echo = mountable(async (request) =>
  Response.json({
    url: new URL(request.url).pathname + new URL(request.url).search,
    type: request.headers.get("content-type"),
    hasBody: request.body !== null,
    body: await request.text(),
  }),
)

/** An event stream that says hello and then nothing more, until it is cancelled. */
const openStream = () => {
  const cancelled = Promise.withResolvers<number>()
  const aborted = Promise.withResolvers<number>()
  return {
    released: Promise.all([cancelled.promise, aborted.promise]),
    mountable: mountable((request) => {
      request.signal.addEventListener("abort", () => aborted.resolve(performance.now()))
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode("data: hello\n\n")),
        cancel: () => cancelled.resolve(performance.now()),
      })
      return new Response(body, { headers: { "content-type": "text/event-stream" } })
    }),
  }
}

/** A Koa application that ends with a middleware saying that nobody answered before it. */
const serve = (...middleware: Array<Koa.Middleware>) => {
  const app = new Koa()
  app.silent = true
  for (const each of middleware) app.use(each)
  app.use((ctx) => {
    ctx.body = { unanswered: ctx.path }
  })
  return listen(createServer(app.callback()))
}

const get = async (url: string): Promise<unknown> => (await fetch(url)).json()

describe("with a path", () => {
  test.each(["/mcp", "/mcp/", "/deep/er/mcp"])("%s, it sees what is below", async (path) => {
    const prefix = path.replace(/\/$/, "")
    await using server = await serve(koaMooring(echo, { path }))
    expect(await get(`${server.origin}${prefix}/v1/x?a=1&b`)).toMatchObject({ url: "/v1/x?a=1&b" })
    expect(await get(server.origin + prefix)).toMatchObject({ url: "/" })
    expect(await get(`${server.origin}${prefix}/`)).toMatchObject({ url: "/" })
  })

  test.each(["/mcpx", "/mcpx/v1/x", "/mc", "/v1/x", "/x/mcp/v1/x", "/mcp/other"])(
    "it leaves %s to those after it",
    async (path) => {
      await using server = await serve(koaMooring(echo, { path: "/mcp" }))
      expect(await get(server.origin + path)).toEqual({ unanswered: path })
    },
  )

  test("that does not start with a slash it refuses", () => {
    expect(() => koaMooring(echo, { path: "mcp" })).toThrow(TypeError)
  })
})

test.each([undefined, { path: "/" }])("at the root (%o)", async (options) => {
  await using server = await serve(koaMooring(echo, options))
  expect(await get(`${server.origin}/v1/x?a=1`)).toMatchObject({ url: "/v1/x?a=1" })
  expect(await get(`${server.origin}/other`)).toEqual({ unanswered: "/other" })
})

test("under koa-mount", async () => {
  const app = new Koa()
    .use(mount("/mcp", koaMooring(echo)))
    .use(mount("/api", koaMooring(echo, { path: "/mcp" })))
    .use((ctx) => {
      ctx.body = { unanswered: ctx.path }
    })
  await using server = await listen(createServer(app.callback()))
  expect(await get(`${server.origin}/mcp/v1/x?a=1`)).toMatchObject({ url: "/v1/x?a=1" })
  expect(await get(`${server.origin}/api/mcp/v1/x?a=1`)).toMatchObject({ url: "/v1/x?a=1" })
  expect(await get(`${server.origin}/mcpx/v1/x`)).toEqual({ unanswered: "/mcpx/v1/x" })
  expect(await get(`${server.origin}/mcp/other`)).toEqual({ unanswered: "/mcp/other" })
})

describe("a body", () => {
  const post = (body: string, type = "application/json") => ({
    method: "POST",
    body,
    headers: { "content-type": type },
  })

  test.each<[string, Array<Koa.Middleware>, string]>([
    ["without a parser", [koaMooring(echo)], '{ "a": 1 }'],
    ["before a parser", [koaMooring(echo), bodyParser()], '{ "a": 1 }'],
    ["after a parser", [bodyParser(), koaMooring(echo)], '{"a":1}'],
    [
      "after a parser that leaves it on req too",
      [bodyParser({ patchNode: true }), koaMooring(echo)],
      '{"a":1}',
    ],
  ])("arrives %s", async (_, middleware, expected) => {
    await using server = await serve(...middleware)
    const response = await fetch(`${server.origin}/v1/x`, post('{ "a": 1 }'))
    expect(await response.json()).toMatchObject({ type: "application/json", body: expected })
  })

  test("of a type that the parser leaves alone arrives", async () => {
    await using server = await serve(bodyParser(), koaMooring(echo))
    const response = await fetch(`${server.origin}/v1/x`, post("plain", "text/plain"))
    expect(await response.json()).toMatchObject({ type: "text/plain", body: "plain" })
  })

  test("that middleware took over as raw text arrives", async () => {
    const keepRaw: Koa.Middleware = async (ctx, next) => {
      Object.assign(ctx.request, { rawBody: Buffer.concat(await ctx.req.toArray()).toString() })
      await next()
    }
    await using server = await serve(keepRaw, koaMooring(echo))
    const response = await fetch(`${server.origin}/v1/x`, post('{ "a": 1 }'))
    expect(await response.json()).toMatchObject({ body: '{ "a": 1 }' })
  })

  test.each(["GET", "POST"])("is not invented by a parser for a %s without one", async (method) => {
    await using server = await serve(bodyParser(), koaMooring(echo))
    const response = await fetch(`${server.origin}/v1/x`, { method })
    expect(await response.json()).toMatchObject({ hasBody: false })
  })
})

test("the resolver gets the ctx of Koa with what middleware has put on it", async () => {
  const user = mountable((_, ctx) => Response.json({ user: Object(ctx).state.user, path: Object(ctx).path }))
  const signIn: Koa.Middleware = async (ctx, next) => {
    ctx.state["user"] = "ada"
    await next()
  }
  await using server = await serve(signIn, koaMooring(user, { path: "/mcp" }))
  expect(await get(`${server.origin}/mcp/v1/x`)).toEqual({ user: "ada", path: "/mcp/v1/x" })
})

describe("middleware around it", () => {
  test("sees the true status and an answer that is finished after next()", async () => {
    const seen: Array<unknown> = []
    const log: Koa.Middleware = async (ctx, next) => {
      await next()
      // The last tells middleware such as koa-compress to keep away.
      seen.push(ctx.status, ctx.res.writableEnded, ctx.respond)
    }
    await using server = await serve(
      log,
      koaMooring(mountable(() => Response.json({ taken: true }, { status: 409 }))),
    )
    const response = await fetch(`${server.origin}/v1/x`)
    expect([response.status, await response.json()]).toEqual([409, { taken: true }])
    expect(seen).toEqual([409, true, false])
  })

  test("can set headers before next(), and cannot spoil the answer after it", async () => {
    const meddle: Koa.Middleware = async (ctx, next) => {
      ctx.set("x-test", "yes")
      await next()
      ctx.status = 404
      ctx.body = "not found"
    }
    await using server = await serve(meddle, koaMooring(echo))
    const response = await fetch(`${server.origin}/v1/x`)
    expect(response.status).toBe(200)
    expect(response.headers.get("x-test")).toBe("yes")
    expect(await response.json()).toMatchObject({ url: "/v1/x" })
  })

  const failing = mountable(() => {
    throw new Error("reason")
  })

  test("can answer an error", async () => {
    const handle: Koa.Middleware = async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        ctx.status = 503
        ctx.body = { error: String(error) }
      }
    }
    await using server = await serve(handle, koaMooring(failing))
    const response = await fetch(`${server.origin}/v1/x`)
    expect([response.status, await response.json()]).toEqual([503, { error: "Error: reason" }])
  })

  test("leaves an error that it does not handle to Koa", async () => {
    await using server = await serve(koaMooring(failing))
    const response = await fetch(`${server.origin}/v1/x`)
    expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"])
  })
})

test("a failure in mid-stream is truncated, and reported to the application", async () => {
  const reported = Promise.withResolvers<unknown>()
  const body = (): ReadableStream<Uint8Array> => {
    let pulls = 0
    return new ReadableStream({
      pull: async (controller) => {
        if (pulls++ === 2) throw new Error("reason")
        controller.enqueue(new TextEncoder().encode("data: hello\n\n"))
        await new Promise((resolve) => setImmediate(resolve))
      },
    })
  }
  const app = new Koa()
  app.on("error", reported.resolve)
  app.use(koaMooring(mountable(() => new Response(body()))))
  await using server = await listen(createServer(app.callback()))
  const response = await fetch(`${server.origin}/v1/x`)
  await expect(response.text()).rejects.toThrow("terminated")
  expect(await reported.promise).toMatchObject({ message: "reason" })
})

describe("a client that goes away", () => {
  test("over HTTP/1 is noticed at once", async () => {
    const stream = openStream()
    await using server = await serve(koaMooring(stream.mountable))
    const request = httpRequest(`${server.origin}/v1/x`)
    request.end()
    const [response] = await once(request, "response")
    await once(response, "data")
    response.on("error", () => {})
    const left = performance.now()
    request.destroy()
    expect(Math.max(...(await stream.released)) - left).toBeLessThan(100)
  })

  test("over HTTP/2 is noticed at once", async () => {
    const stream = openStream()
    const app = new Koa().use(koaMooring(stream.mountable))
    await using server = await listen(createHttp2Server(app.callback()))
    const session = connectHttp2(server.origin)
    const request = session.request({ ":path": "/v1/x" })
    await once(request, "data")
    const left = performance.now()
    request.close(8)
    expect(Math.max(...(await stream.released)) - left).toBeLessThan(100)
    session.destroy()
  })
})

test("a client that goes away before there is an answer is not an error of the application", async () => {
  const errors: Array<unknown> = []
  const begun = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  const app = new Koa()
  app.on("error", (error) => errors.push(error))
  app.use(async (_, next) => {
    // Koa deals with what is left of the answer right after this.
    await next().then(() => setImmediate(done.resolve))
  })
  app.use(
    koaMooring(
      mountable(async (request) => {
        begun.resolve()
        await once(request.signal, "abort")
        throw request.signal.reason
      }),
    ),
  )
  await using server = await listen(createHttp2Server(app.callback()))
  const session = connectHttp2(server.origin)
  const request = session.request({ ":path": "/v1/x" })
  await begun.promise
  request.close(8)
  await done.promise
  expect(errors).toEqual([])
  session.destroy()
})

test("HTTP/2, with a body parser", async () => {
  const app = new Koa().use(bodyParser()).use(koaMooring(echo, { path: "/mcp" }))
  await using server = await listen(createHttp2Server(app.callback()))
  const session = connectHttp2(server.origin)
  const stream = session.request({
    ":path": "/mcp/v1/x",
    ":method": "POST",
    "content-type": "application/json",
    "content-length": 10,
  })
  stream.end('{ "a": 1 }')
  expect(await json(stream)).toMatchObject({ url: "/v1/x", body: '{"a":1}' })
  session.destroy()
})

test("concurrent requests get each its own answer", async () => {
  await using server = await serve(bodyParser(), koaMooring(echo, { path: "/mcp" }))
  const numbers = Array.from({ length: 50 }, (_, index) => index)
  const bodies = await Promise.all(
    numbers.map(async (number) => {
      const response = await fetch(`${server.origin}/mcp/v1/${number}`, {
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
