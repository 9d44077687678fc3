import { expect, test } from "vitest"
import type { HostTraits, SuiteHost } from "./SuiteHost.ts"

const path = "/v1/mcp-servers/"
const deepJson = '{"config":'.repeat(100_000) + "1" + "}".repeat(100_000)

/** Bodies that are no JSON, or too much of it. */
export const bodyCases = (host: () => SuiteHost, { parsesBodies = false }: HostTraits): void => {
  test.each([
    ["a form", "server_name=x", "application/x-www-form-urlencoded"],
    ["plain text", "{}", "text/plain"],
    ["XML", "<server_name>x</server_name>", "application/xml"],
  ])("%s is 415", async (_, body, contentType) => {
    const answer = await host().request("POST", path, { body, headers: { "content-type": contentType } })
    expect(answer).toMatchObject({ status: 415, body: { message: expect.any(String) } })
  })

  test("JSON without a media type is 415: any web page could have sent it", async () => {
    const body = new Blob([JSON.stringify({ server_name: "csrf", config: { command: "id", args: [] } })])
    // A blob without a type has the client send no content-type at all.
    const response = await fetch(host().url + path, {
      method: "POST",
      headers: { authorization: "Bearer org1/alice" },
      body,
    })
    expect(response.status).toBe(415)
    expect(JSON.stringify(await host().letta().mcpServers.list())).not.toContain("csrf")
  })

  test("no body is no body, whatever media type is named", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" }
    const answer = await host().request("POST", "/v1/mcp-servers/x/tools/y/run", { headers })
    expect(answer.status).toBe(404)
  })

  const malformed = [
    ["malformed JSON", '{"server_name": "x",'],
    ["JSON that is not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
    ["JSON that is nested 100,000 deep", deepJson],
    ["null", "null"],
  ] as const

  if (parsesBodies) {
    test.each(malformed)("%s is refused, by the host or by Mooring", async (_, body) => {
      const { status } = await host().request("POST", path, { body })
      expect([400, 422]).toContain(status)
    })
    return
  }

  test.each(malformed)("%s is 422", async (_, body) => {
    const answer = await host().request("POST", path, { body })
    expect(answer).toMatchObject({
      status: 422,
      body: { message: expect.any(String), detail: [{ loc: ["body"] }] },
    })
  })

  test("a body of 100 MB is 413, whether its length is told or not", async () => {
    const chunk = new Uint8Array(2 ** 20).fill(0x20)
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1
        if (sent > 100) controller.close()
        else controller.enqueue(chunk)
      },
    })
    // Either the answer comes through, or the connection was cut because nobody reads the rest.
    const outcome = await host()
      .request("POST", path, { body: endless })
      .then(
        ({ status }) => status,
        () => "cut" as const,
      )
    expect([413, "cut"]).toContain(outcome)
    expect(sent).toBeLessThan(100)
    const told = await host().request("POST", path, { body: new Uint8Array(5 * 2 ** 20).fill(0x20) })
    expect(told).toMatchObject({ status: 413, body: { error: { type: "body_too_large" } } })
  })
}
