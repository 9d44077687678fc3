import { toNodeHandler } from "@mooring/adapter-node"
import { once } from "node:events"
import { createServer, request as httpRequest } from "node:http"
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2"
import {
  createServer as createHttpsServer,
  request as httpsRequest,
  type RequestOptions as HttpsRequestOptions,
} from "node:https"
import { connect } from "node:net"
import { json, text } from "node:stream/consumers"
import type { ConnectionOptions as TlsConnectionOptions } from "node:tls"
import { describe, expect, test } from "vitest"
import { listen } from "./listen.ts"
import { echo, mountable } from "./mountables.ts"

/** Sends a request head as it is, which no well-behaved client would, and returns the status and the JSON body. */
const send = async (
  port: number,
  head: string,
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const socket = connect(port, "127.0.0.1")
  socket.end(`${head}\r\nconnection: close\r\n\r\n`)
  const answer = await text(socket)
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4)
  return { status: Number(answer.slice(9, 12)), body: JSON.parse(body) }
}

describe("the URL of a request", () => {
  test.each([
    ["/v1/tools?a=1&b=%20", "a.example", "http://a.example/v1/tools?a=1&b=%20"],
    ["/", "a.example:8080", "http://a.example:8080/"],
    ["/%2F%20x", "127.0.0.1", "http://127.0.0.1/%2F%20x"],
    ["/v1", "[::1]:3000", "http://[::1]:3000/v1"],
    ["//evil.example/x", "a.example", "http://a.example//evil.example/x"],
    ["http://evil.example/x?y", "a.example", "http://a.example/x?y"],
    ["HTTPS://evil.example/x", "a.example", "http://a.example/x"],
    ["http://evil.example", "a.example", "http://a.example/"],
    ["/v1?next=/../x", "a.example", "http://a.example/v1?next=/../x"],
  ])("%s at %s", async (target, host, url) => {
    await using server = await listen(createServer(toNodeHandler(echo)))
    const { status, body } = await send(server.port, `GET ${target} HTTP/1.1\r\nhost: ${host}`)
    expect({ status, url: body["url"] }).toEqual({ status: 200, url })
  })

  test.each([
    ["a host with a path", "/v1", "evil.example/x"],
    ["a host with a query", "/", "evil.example?"],
    ["a host with a fragment", "/", "evil.example#"],
    ["a host with userinfo", "/v1", "user@evil.example"],
    ["a host with a space", "/v1", "evil example"],
    ["a host with an impossible port", "/v1", "a.example:99999"],
    ["a host that is no name", "/v1", "[::"],
    ["dot segments", "/x/../v1", "a.example"],
    ["encoded dot segments", "/x/%2e%2E/v1", "a.example"],
    ["a backslash", "/x\\..\\v1", "a.example"],
    ["a fragment", "/v1#x", "a.example"],
  ])("%s is refused as malformed", async (_, target, host) => {
    let reached = false
    const handler = toNodeHandler(mountable(() => Response.json({ reached: (reached = true) })))
    await using server = await listen(createServer(handler))
    const { status, body } = await send(server.port, `GET ${target} HTTP/1.1\r\nhost: ${host}`)
    expect(status).toBe(400)
    expect(body).toEqual({
      detail: body["message"],
      message: expect.stringContaining("malformed"),
      error: { type: "malformed_request" },
    })
    expect(reached).toBe(false)
  })

  test.each(["OPTIONS * HTTP/1.1", "TRACE /v1 HTTP/1.1"])("%s is refused as malformed", async (line) => {
    await using server = await listen(createServer(toNodeHandler(echo)))
    expect(await send(server.port, `${line}\r\nhost: a.example`)).toMatchObject({ status: 400 })
  })

  test("without a host it is that of the loopback", async () => {
    await using server = await listen(createServer(toNodeHandler(echo)))
    expect(await send(server.port, "GET /v1 HTTP/1.0")).toMatchObject({
      status: 200,
      body: { url: "http://localhost/v1" },
    })
  })

  test("a path that another host name or escape makes look different is judged as it was sent", async () => {
    const asked: Array<string> = []
    const handler = toNodeHandler({
      ...echo,
      handles: (pathname) => {
        asked.push(pathname)
        return false
      },
    })
    await using server = await listen(
      createServer((req, res) => handler(req, res, () => res.end(JSON.stringify({ next: true })))),
    )
    for (const target of ["/a/../b?c", "http://evil.example/x?y", "//evil.example/x", "*"]) {
      const { body } = await send(server.port, `OPTIONS ${target} HTTP/1.1\r\nhost: a.example`)
      expect(body).toEqual({ next: true })
    }
    expect(asked).toEqual(["/a/../b", "/x", "//evil.example/x", "*"])
  })

  test("is https on an encrypted connection", async () => {
    // TLS by a key that both sides know needs no certificate.
    const psk = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex")
    const tls = { ciphers: "PSK", maxVersion: "TLSv1.2", minVersion: "TLSv1.2" } as const
    await using server = await listen(
      createHttpsServer({ ...tls, pskCallback: () => psk }, toNodeHandler(echo)),
    )
    // The types of `request` miss that it takes all options of `tls.connect`.
    const options: HttpsRequestOptions & TlsConnectionOptions = {
      ...tls,
      host: "127.0.0.1",
      port: server.port,
      path: "/v1",
      headers: { host: "a.example" },
      pskCallback: () => ({ psk, identity: "test" }),
      checkServerIdentity: () => undefined,
    }
    const request = httpsRequest(options)
    request.end()
    const [response] = await once(request, "response")
    expect(await json(response)).toMatchObject({ url: "https://a.example/v1" })
  })

  test("comes from the pseudo headers of HTTP/2, which are no headers of the Request", async () => {
    await using server = await listen(createHttp2Server(toNodeHandler(echo)))
    const session = connectHttp2(server.origin)
    const stream = session.request({ ":path": "/v1?x", ":authority": "a.example", "x-test": "yes" })
    const body = await json(stream)
    session.destroy()
    expect(body).toMatchObject({ method: "GET", url: "http://a.example/v1?x", headers: { "x-test": "yes" } })
    expect(JSON.stringify(body)).not.toContain('":path"')
  })
})

test("headers reach the Request", async () => {
  await using server = await listen(createServer(toNodeHandler(echo)))
  const request = httpRequest(`${server.origin}/v1`, {
    headers: { cookie: ["a=1", "b=2"], "x-twice": ["one", "two"], authorization: "Bearer x" },
  })
  request.end()
  const [response] = await once(request, "response")
  expect(await json(response)).toMatchObject({
    headers: { cookie: "a=1; b=2", "x-twice": "one, two", authorization: "Bearer x" },
  })
})
