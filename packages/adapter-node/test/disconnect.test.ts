import { toNodeHandler } from "@mooring/adapter-node"
import { once } from "node:events"
import { Agent, createServer, request as httpRequest } from "node:http"
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2"
import type { Socket } from "node:net"
import { text } from "node:stream/consumers"
import { describe, expect, test } from "vitest"
import { listen } from "./listen.ts"
import { counted, mountable, openStream } from "./mountables.ts"

/** A handler, and the promise of what each of its calls comes to. */
const watched = (...args: Parameters<typeof toNodeHandler>) => {
  const handler = toNodeHandler(...args)
  const errors: Array<unknown> = []
  const settled = Promise.withResolvers<void>()
  return {
    errors,
    settled: settled.promise,
    listener: (req: Parameters<typeof handler>[0], res: Parameters<typeof handler>[1]) =>
      void handler(req, res, (error) => errors.push(error)).then(settled.resolve, settled.reject),
  }
}

describe("a client that goes away in the middle of an event stream", () => {
  test("over HTTP/1", async () => {
    const { mountable: stream, counts, released } = openStream()
    const { listener, settled, errors } = watched(stream)
    await using server = await listen(createServer(listener))
    const request = httpRequest(`${server.origin}/v1`)
    request.end()
    const [response] = await once(request, "response")
    await once(response, "data")
    response.on("error", () => {})
    const left = performance.now()
    request.destroy()
    expect(Math.max(...(await released)) - left).toBeLessThan(100)
    await settled
    expect(counts).toEqual({ cancel: 1, abort: 1 })
    expect(errors).toEqual([])
  })

  test("by a reset of its HTTP/2 stream", async () => {
    const { mountable: stream, counts, released } = openStream()
    const { listener, settled, errors } = watched(stream)
    await using server = await listen(createHttp2Server(listener))
    const session = connectHttp2(server.origin)
    const request = session.request({ ":path": "/v1" })
    await once(request, "data")
    const left = performance.now()
    request.close(8)
    expect(Math.max(...(await released)) - left).toBeLessThan(100)
    await settled
    expect(counts).toEqual({ cancel: 1, abort: 1 })
    expect(errors).toEqual([])
    session.destroy()
  })

  test("by the end of its HTTP/2 session", async () => {
    const { mountable: stream, counts, released } = openStream()
    await using server = await listen(createHttp2Server(toNodeHandler(stream)))
    const session = connectHttp2(server.origin)
    const request = session.request({ ":path": "/v1" })
    await once(request, "data")
    const left = performance.now()
    session.destroy()
    expect(Math.max(...(await released)) - left).toBeLessThan(100)
    expect(counts).toEqual({ cancel: 1, abort: 1 })
  })

  test("before the first chunk", async () => {
    const { mountable: stream, counts, released } = openStream({ hello: false })
    const { listener, settled } = watched(stream)
    await using server = await listen(createServer(listener))
    const request = httpRequest(`${server.origin}/v1`)
    request.end()
    const [response] = await once(request, "response")
    response.on("error", () => {})
    request.destroy()
    await released
    await settled
    expect(counts).toEqual({ cancel: 1, abort: 1 })
  })

  test("while it was not reading", async () => {
    const { body, state } = counted(1024)
    const aborted = Promise.withResolvers<void>()
    const { listener, settled, errors } = watched(
      mountable((request) => {
        request.signal.addEventListener("abort", () => aborted.resolve())
        return new Response(body)
      }),
    )
    const late: Array<unknown> = []
    await using server = await listen(
      createServer((req, res) => {
        res.once("close", () => {
          res.write = (chunk: unknown) => late.push(chunk) > 0
        })
        listener(req, res)
      }),
    )
    const request = httpRequest(`${server.origin}/v1`)
    request.end()
    const [response] = await once(request, "response")
    response.on("error", () => {})
    await expect.poll(() => server.sockets.values().next().value?.writableNeedDrain).toBe(true)
    request.destroy()
    await aborted.promise
    await settled
    expect(state.produced).toBeLessThan(1024)
    expect(late).toEqual([])
    expect(errors).toEqual([])
  })

  test("whose producer fails because of it, and whose cancellation fails too", async () => {
    const { listener, settled, errors } = watched(
      mountable((request) => {
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode("data: hello\n\n"))
            request.signal.addEventListener("abort", () => controller.error(new Error("aborted")))
          },
          cancel: () => Promise.reject(new Error("not cancellable")),
        })
        return new Response(body)
      }),
    )
    await using server = await listen(createServer(listener))
    const request = httpRequest(`${server.origin}/v1`)
    request.end()
    const [response] = await once(request, "response")
    response.on("error", () => {})
    request.destroy()
    // Vitest fails on unhandled rejections by itself.
    await settled
    expect(errors).toEqual([])
  })
})

describe("a client that goes away before there is a Response", () => {
  const pending = (then: (signal: AbortSignal) => Promise<Response>) => {
    const begun = Promise.withResolvers<void>()
    return {
      begun: begun.promise,
      ...watched(
        mountable(async (request) => {
          begun.resolve()
          await once(request.signal, "abort")
          return then(request.signal)
        }),
      ),
    }
  }

  test("aborts the signal, and an error after that is nobody's", async () => {
    const { listener, begun, settled, errors } = pending(async (signal) => {
      throw signal.reason
    })
    await using server = await listen(createServer(listener))
    const request = httpRequest(`${server.origin}/v1`, { method: "POST" })
    request.on("error", () => {})
    request.end("{}")
    await begun
    request.destroy()
    await settled
    expect(errors).toEqual([])
  })

  test("has a late Response without a body ignored", async () => {
    const late: Array<unknown> = []
    const { listener, begun, settled, errors } = pending(async () => new Response(null))
    await using server = await listen(
      createServer((req, res) => {
        res.once("close", () => {
          res.end = () => (late.push("end"), res)
        })
        listener(req, res)
      }),
    )
    const request = httpRequest(`${server.origin}/v1`)
    request.on("error", () => {})
    request.end()
    await begun
    request.destroy()
    await settled
    expect(late).toEqual([])
    expect(errors).toEqual([])
  })

  test("at the very moment that its answer begins", async () => {
    const cancelled = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const { listener, settled, errors } = watched(
      mountable(() => {
        const body = new ReadableStream<Uint8Array>({
          pull: (controller) => {
            controller.enqueue(new TextEncoder().encode("data: hello\n\n"))
            // Comes between the first chunk and the look at whether there is another.
            process.nextTick(closed.resolve)
            return new Promise(() => {})
          },
          cancel: () => cancelled.resolve(),
        })
        return new Response(body)
      }),
    )
    await using server = await listen(
      createServer((req, res) => {
        // In place of the network, whose timing nobody can set that exactly.
        void closed.promise.then(() => res.emit("close"))
        listener(req, res)
      }),
    )
    const request = httpRequest(`${server.origin}/v1`)
    request.on("error", () => {})
    request.end()
    await cancelled.promise
    await settled
    expect(errors).toEqual([])
  })

  test("has the body of a late Response cancelled", async () => {
    const cancelled = Promise.withResolvers<void>()
    const { listener, begun, settled } = pending(
      async () => new Response(new ReadableStream({ cancel: () => cancelled.resolve() })),
    )
    await using server = await listen(createHttp2Server(listener))
    const session = connectHttp2(server.origin)
    const request = session.request({ ":path": "/v1" })
    await begun
    request.close(8)
    await expect(cancelled.promise).resolves.toBeUndefined()
    await settled
    session.destroy()
  })
})

describe("a client that has gone before the handler is called", () => {
  const unreached = () => {
    const calls: Array<string> = []
    return { calls, ...watched(mountable((request) => new Response(String(calls.push(request.url))))) }
  }

  test("over HTTP/1", async () => {
    const { calls, listener, settled } = unreached()
    const begun = Promise.withResolvers<void>()
    await using server = await listen(
      createServer(async (req, res) => {
        begun.resolve()
        await once(res, "close")
        listener(req, res)
      }),
    )
    const request = httpRequest(`${server.origin}/v1`)
    request.on("error", () => {})
    request.end()
    await begun.promise
    request.destroy()
    await settled
    expect(calls).toEqual([])
  })

  test("over HTTP/2", async () => {
    const { calls, listener, settled } = unreached()
    const begun = Promise.withResolvers<void>()
    await using server = await listen(
      createHttp2Server(async (req, res) => {
        begun.resolve()
        await once(res, "close")
        listener(req, res)
      }),
    )
    const session = connectHttp2(server.origin)
    const request = session.request({ ":path": "/v1" })
    await begun.promise
    request.close(8)
    await settled
    expect(calls).toEqual([])
    session.destroy()
  })
})

describe("a response that was completed", () => {
  const signals: Array<AbortSignal> = []
  const streamed = (): ReadableStream<Uint8Array> =>
    ReadableStream.from([new TextEncoder().encode("one"), new TextEncoder().encode("two")])
  const complete = mountable((request) => {
    signals.push(request.signal)
    return new Response(request.url.endsWith("/stream") ? streamed() : "hello")
  })

  test.each(["/whole", "/stream"])("does not abort its signal over HTTP/1: %s", async (path) => {
    signals.length = 0
    const closed = Promise.withResolvers<void>()
    await using server = await listen(
      createServer((req, res) => {
        void toNodeHandler(complete)(req, res)
        res.on("close", closed.resolve)
      }),
    )
    const agent = new Agent()
    const request = httpRequest(server.origin + path, { agent })
    request.end()
    const [response] = await once(request, "response")
    await text(response)
    await closed.promise
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  })

  test.each(["/whole", "/stream"])("does not abort its signal over HTTP/2: %s", async (path) => {
    signals.length = 0
    const closed = Promise.withResolvers<void>()
    await using server = await listen(
      createHttp2Server((req, res) => {
        void toNodeHandler(complete)(req, res)
        res.on("close", closed.resolve)
      }),
    )
    const session = connectHttp2(server.origin)
    await text(session.request({ ":path": path }))
    await closed.promise
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    session.destroy()
  })

  test("leaves no listener on a connection that is kept alive", async () => {
    await using server = await listen(createServer(toNodeHandler(complete)))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const listeners = (socket: Socket | undefined) =>
      socket?.eventNames().map((name) => [name, socket.listenerCount(name)])
    const counts: Array<unknown> = []
    for (let round = 0; round < 20; round++) {
      const request = httpRequest(`${server.origin}/${round % 2 === 0 ? "whole" : "stream"}`, {
        agent,
        method: "POST",
      })
      request.end("{}")
      const [response] = await once(request, "response")
      await text(response)
      if (round % 2 === 1) counts.push(listeners(server.sockets.values().next().value))
    }
    expect(server.sockets.size).toBe(1)
    expect(counts[0]).toBeDefined()
    expect(counts.at(-1)).toEqual(counts[0])
    agent.destroy()
  })
})
