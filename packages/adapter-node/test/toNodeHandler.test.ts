import { toNodeHandler } from "@mooring/adapter-node"
import { createServer, IncomingMessage } from "node:http"
import { Http2ServerRequest, connect as connectHttp2, createServer as createHttp2Server } from "node:http2"
import { text } from "node:stream/consumers"
import { expect, test } from "vitest"
import { listen } from "./listen.ts"
import { echo, mountable } from "./mountables.ts"

test("the request of Node is handed on", async () => {
  const handler = toNodeHandler(
    mountable((_, req) =>
      Response.json({ http1: req instanceof IncomingMessage, http2: req instanceof Http2ServerRequest }),
    ),
  )
  await using http1 = await listen(createServer(handler))
  await using http2 = await listen(createHttp2Server(handler))
  const session = connectHttp2(http2.origin)
  expect(await (await fetch(http1.origin)).json()).toEqual({ http1: true, http2: false })
  expect(await text(session.request({ ":path": "/" }))).toBe('{"http1":false,"http2":true}')
  session.destroy()
})

test("a path that is not handled goes to next, with its body untouched", async () => {
  const handler = toNodeHandler(echo)
  await using server = await listen(
    createServer((req, res) =>
      handler(req, res, async (error) => {
        res.end(JSON.stringify({ error, read: req.readableDidRead, body: await text(req) }))
      }),
    ),
  )
  const response = await fetch(`${server.origin}/elsewhere?x`, { method: "POST", body: "hello" })
  expect(await response.json()).toEqual({ read: false, body: "hello" })
})

test("a path that is not handled is answered where there is no next", async () => {
  await using server = await listen(createServer(toNodeHandler(echo)))
  expect(await (await fetch(`${server.origin}/elsewhere`)).json()).toMatchObject({ method: "GET" })
})

const thrown = new Error("secret reason")

test.each([
  ["rejects", async () => Promise.reject(thrown)],
  [
    "throws",
    () => {
      throw thrown
    },
  ],
])("an error goes to next where fetch %s", async (_, fetchMounted) => {
  const handler = toNodeHandler({ fetch: fetchMounted, handles: () => true })
  const errors: Array<unknown> = []
  await using server = await listen(
    createServer((req, res) =>
      handler(req, res, (error) => {
        errors.push(error)
        res.writeHead(503).end("handled")
      }),
    ),
  )
  const response = await fetch(server.origin)
  expect(response.status).toBe(503)
  expect(await response.text()).toBe("handled")
  expect(errors).toEqual([thrown])
})

test("an error without next is answered with 500 and no particulars", async () => {
  const handler = toNodeHandler({ fetch: async () => Promise.reject(thrown), handles: () => true })
  await using server = await listen(createServer(handler))
  const response = await fetch(server.origin)
  expect(response.status).toBe(500)
  expect(response.headers.get("content-type")).toBe("application/json")
  expect(await response.json()).toEqual({ detail: "Internal Server Error", message: "Internal Server Error" })
})

test("what next throws is not taken for an error of the mounted", async () => {
  const handler = toNodeHandler(echo)
  const calls: Array<unknown> = []
  const outcome = Promise.withResolvers<unknown>()
  await using server = await listen(
    createServer((req, res) => {
      const done = handler(req, res, (error) => {
        calls.push(error)
        throw thrown
      })
      void done.catch(outcome.resolve).then(() => res.end())
    }),
  )
  await fetch(`${server.origin}/elsewhere`)
  expect(await outcome.promise).toBe(thrown)
  expect(calls).toEqual([undefined])
})

test("concurrent requests get each its own answer", async () => {
  await using http1 = await listen(createServer(toNodeHandler(echo)))
  await using http2 = await listen(createHttp2Server(toNodeHandler(echo)))
  const session = connectHttp2(http2.origin)
  const numbers = Array.from({ length: 100 }, (_, index) => index)
  const bodies = await Promise.all([
    ...numbers.map(async (number) =>
      (await fetch(`${http1.origin}/${number}`, { method: "POST", body: `body ${number}` })).text(),
    ),
    ...numbers.map((number) => {
      const stream = session.request({ ":path": `/${number}`, ":method": "POST" })
      stream.end(`body ${number}`)
      return text(stream)
    }),
  ])
  expect(bodies.map((body) => JSON.parse(body))).toEqual(
    [...numbers, ...numbers].map((number) =>
      expect.objectContaining({
        url: expect.stringMatching(new RegExp(`/${number}$`)),
        body: `body ${number}`,
      }),
    ),
  )
  session.destroy()
})
