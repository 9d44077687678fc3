import { type Mountable, toNodeHandler } from "@mooring/adapter-node"
import { once } from "node:events"
import { Agent, createServer, request as httpRequest } from "node:http"
import { buffer, text } from "node:stream/consumers"
import { describe, expect, test } from "vitest"
import { listen } from "./listen.ts"
import { mountable, readingByMethod } from "./mountables.ts"

const json = '{"größe":1}'

const readers: ReadonlyArray<[string, (request: Request) => Promise<string>]> = [
  ["bytes", async (request) => new TextDecoder().decode(await request.bytes())],
  ["text", (request) => request.text()],
  ["json", async (request) => JSON.stringify(await request.json())],
  ["arrayBuffer", async (request) => new TextDecoder().decode(await request.arrayBuffer())],
  ["blob", async (request) => (await request.blob()).text()],
  ["body", async (request) => new Response(request.body).text()],
  ["clone", async (request) => (await request.clone().text()) && request.text()],
]

interface Sent {
  readonly isParsed: boolean
  readonly as?: (mountable: Mountable) => Mountable
  readonly body?: string | URLSearchParams
}

/** What a mountable makes of a request with that body, which a parser may have read before. */
const answered = async (
  read: (request: Request) => Promise<string>,
  { isParsed, as = readingByMethod, body = json }: Sent,
) => {
  const handle = toNodeHandler(as(mountable(async (request) => new Response(await read(request)))))
  await using server = await listen(
    createServer(async (req, res) => {
      await handle(isParsed ? Object.assign(req, { body: await buffer(req) }) : req, res)
    }),
  )
  return (await fetch(`${server.origin}/v1`, { method: "POST", body })).text()
}

/** How reading a body ends: where it was read before, it has to be a TypeError. */
const outcomeOf = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => "read",
    (error: unknown) => (error instanceof TypeError ? "refused" : "failed"),
  )

describe.each([
  ["that nobody has read", false],
  ["that a parser has read", true],
])("a body %s, without a stream of its own", (_, isParsed) => {
  test.each(readers)("is read by %s", async (_, read) => {
    expect(await answered(read, { isParsed })).toBe(json)
  })

  test.each(readers)("is not read again after bytes, by %s", async (_, read) => {
    const again = async (request: Request) => {
      const before = request.bodyUsed
      await request.bytes()
      const outcome = await outcomeOf((async () => read(request))())
      return JSON.stringify([before, request.bodyUsed, outcome])
    }
    expect(await answered(again, { isParsed })).toBe('[false,true,"refused"]')
  })

  test("is not read by bytes after its stream was taken", async () => {
    const twice = async (request: Request) => {
      await request.body?.cancel()
      return outcomeOf(request.bytes())
    }
    expect(await answered(twice, { isParsed })).toBe("refused")
  })

  test("is a form where it is one", async () => {
    const read = async (request: Request) => JSON.stringify([...(await request.formData())])
    expect(await answered(read, { isParsed, body: new URLSearchParams({ a: "1" }) })).toBe('[["a","1"]]')
  })

  test("is there for a new request of who wraps such a mountable", async () => {
    const wrapped = (inner: Mountable): Mountable => {
      const marked = readingByMethod(inner)
      return { ...marked, fetch: (request, hostRequest) => marked.fetch(new Request(request), hostRequest) }
    }
    expect(await answered((request) => request.text(), { isParsed, as: wrapped })).toBe(json)
  })
})

test("a body whose answer is finished before all of it has come fails, and does not block the connection", async () => {
  const outcome = Promise.withResolvers<string>()
  const handle = toNodeHandler(
    readingByMethod(
      mountable((request) => {
        request.bytes().then(
          () => outcome.resolve("read"),
          (error: unknown) => outcome.resolve(error instanceof Error ? error.message : "failed"),
        )
        return new Response("early")
      }),
    ),
  )
  await using server = await listen(createServer(handle))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const request = httpRequest(`${server.origin}/v1`, { method: "POST", agent })
  request.write("half of i")
  const [response] = await once(request, "response")
  expect(await outcome.promise).toBe("The answer was finished before the request body was read")
  request.end("t")
  expect(await text(response)).toBe("early")
  const next = httpRequest(`${server.origin}/v1`, { agent }).end()
  const [second] = await once(next, "response")
  expect(await text(second)).toBe("early")
  expect(server.sockets.size).toBe(1)
  agent.destroy()
})
