import type { IncomingMessage, ServerResponse } from "node:http"
import { text as readText } from "node:stream/consumers"
import type { JSONRPCMessage } from "@modelcontextprotocol/client"
import { expect, onTestFinished, test, vi } from "vitest"
import { ObservedFetch } from "../../src/transport/ObservedFetch.ts"
import { streamableHttpTransport } from "../../src/transport/streamableHttp.ts"
import { toAuthProvider, type TransportAuthorization } from "../../src/transport/TransportAuthorization.ts"
import { listen, openEgress } from "../security/egress/harness.ts"

const call = (name = "echo"): JSONRPCMessage => ({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name, arguments: {} },
})
const result = { jsonrpc: "2.0", id: 7, result: { content: [] } }
const notification = {
  jsonrpc: "2.0",
  method: "notifications/message",
  params: { level: "info", data: "größe" },
}

interface Seen extends Pick<IncomingMessage, "headers" | "method"> {
  readonly body: string
}

type Answer = (response: ServerResponse, seen: Seen, count: number) => void

/** A transport to a server that answers as the test says. */
const start = async (answer: Answer, tokens: Array<string | undefined> = []) => {
  const seen: Array<Seen> = []
  const server = await listen(async (request, response) => {
    const { headers, method } = request
    const one = { headers, method, body: await readText(request) }
    answer(response, one, seen.push(one))
  })
  const egress = await openEgress()
  const observed = new ObservedFetch(egress.fetch)
  const renew = vi.fn<TransportAuthorization["renew"]>(async () => tokens.shift() !== undefined)
  const authorization = { token: async () => tokens[0], renew, isSignIn: true }
  const url = `${server.url}/mcp`
  const transport = streamableHttpTransport(
    {
      type: "streamable_http",
      serverUrl: url,
      authHeader: null,
      authToken: null,
      customHeaders: null,
      oauth: null,
    },
    { fetch: observed.fetch, authProvider: toAuthProvider(authorization) },
    { send: egress.sender(new URL(url)), observed, token: authorization.token },
  )
  const messages: Array<JSONRPCMessage> = []
  const errors: Array<Error> = []
  transport.onmessage = (message) => void messages.push(message)
  transport.onerror = (error) => void errors.push(error)
  await transport.start()
  onTestFinished(() => transport.close())
  return { errors, messages, observed, renew, seen, server, transport }
}

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))

const events = (response: ServerResponse, text: string) =>
  response.writeHead(200, { "content-type": "text/event-stream" }).end(text)

const event = (message: unknown, fields = "") => `${fields}data: ${JSON.stringify(message)}\n\n`

test("a call goes out as the client would send it, and its JSON answer comes back", async () => {
  const { messages, seen, transport } = await start((response) => json(response, result))
  transport.setProtocolVersion("2025-11-25")
  await transport.send(call())
  expect(messages).toStrictEqual([result])
  expect(JSON.parse(seen[0]?.body ?? "")).toStrictEqual(call())
  expect(seen[0]?.headers).toMatchObject({
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "mcp-protocol-version": "2025-11-25",
  })
})

test("in 2026-07-28 it tells in headers what it is", async () => {
  const { seen, transport } = await start((response) => json(response, result))
  const modern = (name: string): JSONRPCMessage => ({
    jsonrpc: "2.0",
    id: 7,
    method: "tools/call",
    params: { name, _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
  })
  await transport.send(modern("a tool"))
  await transport.send(modern("größe"))
  expect(seen.map(({ headers }) => headers["mcp-name"])).toStrictEqual([
    "a tool",
    expect.stringMatching(/^=\?base64\?/),
  ])
  for (const { headers } of seen) {
    expect(headers).toMatchObject({ "mcp-method": "tools/call", "mcp-protocol-version": "2026-07-28" })
  }
})

test("an event stream is read as it comes, wherever it is cut", async () => {
  const bytes = Buffer.from(event(notification, "event: message\n") + ": a comment\n\n" + event(result))
  const { messages, transport } = await start((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    for (const byte of bytes) response.write(Buffer.of(byte))
    response.end()
  })
  await transport.send(call())
  expect(messages).toStrictEqual([notification, result])
})

test("what is no message in a stream is told, and the rest counts", async () => {
  const { errors, messages, transport } = await start((response) =>
    events(response, `data: {"jsonrpc":\n\ndata: 1\n\n${event({ id: 7 })}${event(result)}`),
  )
  await transport.send(call())
  expect(messages).toStrictEqual([result])
  expect(errors).toHaveLength(3)
})

test("a stream that ends without the answer fails the call", async () => {
  const { transport } = await start((response) => events(response, event(notification)))
  await expect(transport.send(call())).rejects.toThrow("ended without the answer")
})

test("a stream that can be resumed is, after the time that the server wants, from its last event", async () => {
  const { messages, seen, transport } = await start((response, { method }) =>
    method === "POST"
      ? events(response, "id: 1\nretry: 20\ndata:\n\n")
      : events(response, event(result, "id: 2\n")),
  )
  await transport.send(call())
  await expect.poll(() => messages).toStrictEqual([result])
  expect(seen.map(({ headers, method }) => [method, headers["last-event-id"]])).toStrictEqual([
    ["POST", undefined],
    ["GET", "1"],
  ])
})

test("a refused token is renewed and the call sent once more, by its own token's name", async () => {
  const { messages, renew, seen, transport } = await start(
    (response, _, count) => (count === 1 ? response.writeHead(401).end() : json(response, result)),
    ["old", "new"],
  )
  await transport.send(call())
  expect(messages).toStrictEqual([result])
  expect(renew).toHaveBeenCalledExactlyOnceWith("old", expect.anything())
  expect(seen.map(({ headers }) => headers.authorization)).toStrictEqual(["Bearer old", "Bearer new"])
})

test.each<[string, Answer]>([
  ["404", (response) => response.writeHead(404).end("gone")],
  [
    "a redirect to another origin",
    (response) => response.writeHead(307, { location: "http://127.0.0.2:1/" }).end(),
  ],
  ["another media type", (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>")],
  ["no media type", (response) => response.writeHead(200).end("{}")],
  [
    "what is not JSON",
    (response) => response.writeHead(200, { "content-type": "application/json" }).end("{"),
  ],
  ["what is no message", (response) => json(response, { hello: 1 })],
  ["a list with one that is none", (response) => json(response, [result, 1])],
])("%s fails the call, which is sent once", async (_, answer) => {
  const { errors, messages, seen, transport } = await start(answer)
  await expect(transport.send(call())).rejects.toThrow()
  expect(seen).toHaveLength(1)
  expect(errors).toHaveLength(1)
  expect(messages.filter((message) => "id" in message && message.id === 7)).toHaveLength(0)
})

test("a redirect within the origin is followed", async () => {
  const { messages, seen, transport } = await start((response, _, count) =>
    count === 1 ? response.writeHead(307, { location: "/moved" }).end() : json(response, result),
  )
  await transport.send(call())
  expect(messages).toStrictEqual([result])
  expect(seen.map(({ method }) => method)).toStrictEqual(["POST", "POST"])
  expect(seen[1]?.headers).not.toHaveProperty("mooring-answer")
})

test("a connection that breaks fails the call, which is sent once", async () => {
  const { observed, seen, transport } = await start((response) => response.destroy())
  await expect(transport.send(call())).rejects.toThrow()
  expect(seen).toHaveLength(1)
  expect(observed.lastFailure()).toBeInstanceOf(TypeError)
})

test("whoever gives up closes the request, before an answer and within a stream", async () => {
  const closed: Array<string> = []
  const { errors, seen, transport } = await start((response, { body }) => {
    response.on("close", () => closed.push(body.includes("stream") ? "stream" : "silence"))
    if (!body.includes("stream")) return
    response.writeHead(200, { "content-type": "text/event-stream" })
    response.write(event(notification))
  })
  for (const [index, name] of ["silence", "stream"].entries()) {
    const request = new AbortController()
    const received = new Promise<void>((resolve) => {
      transport.onmessage = () => resolve()
    })
    const sending = transport.send(call(name), { requestSignal: request.signal })
    await expect.poll(() => seen).toHaveLength(index + 1)
    if (name === "stream") await received
    request.abort(new Error("given up"))
    // A stream is left in silence, as the client does.
    await sending.catch(() => {})
    await expect.poll(() => closed).toContain(name)
  }
  expect(errors).toHaveLength(0)
})
