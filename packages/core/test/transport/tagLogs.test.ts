import { expect, test } from "vitest"
import { callHeader, callOfTag, tagLogs } from "../../src/transport/tagLogs.ts"

const log = { jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "Größe 🎉" } }
const other = { jsonrpc: "2.0", id: 1, result: { content: "notifications/message" } }
const encode = (text: string) => new TextEncoder().encode(text)

/** What a call reads of a stream that arrives in these chunks, and the headers that were sent. */
const read = async (chunks: ReadonlyArray<Uint8Array>, token?: string, init: ResponseInit = {}) => {
  let sent: Headers | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (sink) => {
      for (const chunk of chunks) sink.enqueue(chunk)
      sink.close()
    },
  })
  const answer = new Response(body, { headers: { "content-type": "text/event-stream" }, ...init })
  const fetch = tagLogs(async (_url, options) => {
    sent = new Headers(options?.headers)
    return answer
  })
  const headers = new Headers({ accept: "*/*", ...(token === undefined ? {} : { [callHeader]: token }) })
  const response = await fetch("https://mcp.test", { headers })
  return { isSame: response === answer, text: await response.text(), sent }
}

const messagesIn = (text: string): ReadonlyArray<unknown> =>
  text
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line): unknown => JSON.parse(line.slice("data: ".length)))

const tagged = { ...log, params: { ...log.params, _meta: { "mooring/call": "token-1" } } }

test.each(["\n", "\r\n", "\r"])(
  "log messages are tagged, wherever a chunk ends (line end %j)",
  async (end) => {
    const events = [
      `: comment${end}${end}`,
      `id: 7${end}data: ${JSON.stringify(log)}${end}${end}`,
      `data: ${JSON.stringify(other)}${end}${end}`,
      `event: message${end}data: {"jsonrpc":"2.0","method":"notifications/message",${end}data:"params":{}}${end}${end}`,
    ]
    const bytes = encode(events.join(""))
    for (let at = 0; at <= bytes.length; at += 1) {
      const { sent, text } = await read([bytes.subarray(0, at), bytes.subarray(at)], "token-1")
      expect(sent?.has(callHeader)).toBe(false)
      const [first, ...rest] = messagesIn(text.replaceAll(/\r\n?/g, "\n"))
      expect(first).toStrictEqual(tagged)
      expect(rest).toMatchObject([other, { params: { _meta: { "mooring/call": "token-1" } } }])
      expect(text).toContain("id: 7")
      expect(text).toContain(": comment")
    }
  },
)

test("a server does not choose whose its messages are", async () => {
  const forged = { ...log, params: { ...log.params, _meta: { "mooring/call": "token-2", other: 1 } } }
  const { text } = await read([encode(`data: ${JSON.stringify(forged)}\n\n`)], "token-1")
  expect(messagesIn(text)).toMatchObject([{ params: { _meta: { "mooring/call": "token-1", other: 1 } } }])
})

test("what is not a log message, or no message at all, passes as it came", async () => {
  const text = `data: ${JSON.stringify(other)}\n\ndata: notifications/message {\n\ndata: unfinished`
  expect(await read([encode(text)], "token-1")).toMatchObject({ isSame: false, text })
})

test("calls that nobody follows, and answers of errors, are left alone", async () => {
  const text = `data: ${JSON.stringify(log)}\n\n`
  expect(await read([encode(text)])).toMatchObject({ isSame: true, text })
  expect(await read([encode(text)], "token-1", { status: 500 })).toMatchObject({ isSame: true })
})

test("the tag of a message", () => {
  expect(callOfTag(tagged.params)).toBe("token-1")
  expect(callOfTag(log.params)).toBeUndefined()
})
