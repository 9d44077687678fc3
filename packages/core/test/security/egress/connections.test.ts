import { createServer } from "node:tls"
import type { AddressInfo } from "node:net"
import { describe, expect, it, onTestFinished } from "vitest"
import { egressRules } from "../../../src/security/egress/EgressRules.ts"
import { EgressPolicy } from "../../../src/security/egress/EgressPolicy.ts"
import { egressRefusal } from "../../../src/security/egress/fetchFailure.ts"
import { NetworkForbidden } from "../../../src/security/egress/NetworkForbidden.ts"
import { vettingConnector } from "../../../src/security/egress/vettingConnector.ts"
import { echo, listen, openEgress, rejection, resolverWith, signal, until } from "./harness.ts"

// Every forbidden target of these tests is a server on loopback, which a policy without that range must not reach.

describe("a literal address", () => {
  it("is refused before a socket exists", async () => {
    const server = await listen(echo)
    const { asked, resolver } = resolverWith(["127.0.0.1"])
    const egress = await openEgress({ allowHttp: true }, { resolver })
    for (const host of ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "127.1", "0x7f.0.0.1"]) {
      const error = await rejection(egress.fetch(`http://${host}:${server.port}/`))
      expect(egressRefusal(error)).toMatchObject({ rule: "address" })
    }
    expect(server.connections()).toBe(0)
    expect(asked).toEqual([])
  })

  it("is refused by the connector itself, since Node does not look literals up", async () => {
    const server = await listen(echo)
    const connect = vettingConnector(
      new URL(server.url),
      egressRules(EgressPolicy.make({ allowHttp: true })),
      {
        connectTimeoutMs: 1_000,
      },
    )
    const outcome = signal<unknown>()
    connect(
      {
        hostname: "127.0.0.1",
        host: `127.0.0.1:${server.port}`,
        protocol: "http:",
        port: String(server.port),
      },
      (...[error]) => outcome.resolve(error),
    )
    expect(await outcome.promise).toBeInstanceOf(NetworkForbidden)
    expect(server.connections()).toBe(0)
  })

  it("with userinfo or port 0 is refused although the host allows the address", async () => {
    const server = await listen(echo)
    const egress = await openEgress()
    const userinfo = await rejection(egress.fetch(`http://user:secret@127.0.0.1:${server.port}/`))
    expect(egressRefusal(userinfo)).toMatchObject({ rule: "userinfo" })
    expect(String(userinfo)).not.toContain("secret")
    expect(egressRefusal(await rejection(egress.fetch("http://127.0.0.1:0/")))).toMatchObject({
      rule: "port",
    })
    expect(server.connections()).toBe(0)
  })

  it("is reached where the host allows its range", async () => {
    const server = await listen(echo)
    const egress = await openEgress({ allowRanges: ["127.0.0.1/32"] })
    expect((await egress.fetch(server.url)).status).toBe(200)
    expect((await egress.fetch(`http://[::ffff:127.0.0.1]:${server.port}/`)).status).toBe(200)
  })
})

describe("a name", () => {
  it("which resolves to a forbidden address is refused, without telling the address", async () => {
    const server = await listen(echo)
    for (const answer of ["127.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"]) {
      const egress = await openEgress({ allowHttp: true }, resolverWith([answer]))
      const error = await rejection(egress.fetch(`http://intern.example:${server.port}/`))
      expect(egressRefusal(error)).toMatchObject({ rule: "address", host: "intern.example" })
      expect(JSON.stringify([error, egressRefusal(error), String(error)])).not.toMatch(/127|7f00/)
    }
    expect(server.connections()).toBe(0)
  })

  it("with one forbidden address among allowed ones is refused", async () => {
    const server = await listen(echo)
    for (const answer of [
      ["127.0.0.1", "10.0.0.1"],
      ["169.254.169.254", "127.0.0.1"],
      ["127.0.0.1", "fd00::1"],
    ]) {
      const egress = await openEgress({ allowRanges: ["127.0.0.0/8"] }, resolverWith(answer))
      const error = await rejection(egress.fetch(`http://mixed.example:${server.port}/`))
      expect(egressRefusal(error)).toMatchObject({ rule: "address" })
    }
    expect(server.connections()).toBe(0)
  })

  it("is resolved once for a connection: a second answer has no chance", async () => {
    const server = await listen((_, response) => {
      response.shouldKeepAlive = false
      response.end()
    })
    const { asked, resolver } = resolverWith(["127.0.0.1"], ["127.0.0.2"])
    const egress = await openEgress({ allowRanges: ["127.0.0.1/32"] }, { resolver })
    const url = `http://rebinding.example:${server.port}/`
    expect((await egress.fetch(url)).status).toBe(200)
    expect(asked).toEqual(["rebinding.example"])
    // The next connection is the next question, and its answer is judged anew.
    expect(egressRefusal(await rejection(egress.fetch(url)))).toMatchObject({ rule: "address" })
    expect(asked).toHaveLength(2)
    expect(server.connections()).toBe(1)
  })

  it("over plain http reaches addresses inside the allowed ranges only", async () => {
    const server = await listen(echo)
    const inside = await openEgress({ allowRanges: ["127.0.0.0/8"] }, resolverWith(["127.0.0.1"]))
    expect((await inside.fetch(`http://local.example:${server.port}/`)).status).toBe(200)
    const outside = await openEgress({ allowRanges: ["127.0.0.0/8"] }, resolverWith(["8.8.8.8"]))
    const error = await rejection(outside.fetch("http://public.example/"))
    expect(egressRefusal(error)).toMatchObject({ rule: "scheme" })
  })

  it("reaches addresses inside a range on the port that the range names, and on no other", async () => {
    const [named, other] = [await listen(echo), await listen(echo)]
    const policy = { allowRanges: [`127.0.0.0/8:${named.port}`], allowHttp: true }
    const egress = await openEgress(policy, resolverWith(["127.0.0.1"]))
    expect((await egress.fetch(`http://local.example:${named.port}/`)).status).toBe(200)
    for (const host of ["local.example", "127.0.0.1"]) {
      const error = await rejection(egress.fetch(`http://${host}:${other.port}/`))
      expect(egressRefusal(error)).toMatchObject({ rule: "address" })
    }
    expect(other.connections()).toBe(0)
  })

  it("on a port of another protocol is not resolved, and one that is named there has to be within that range", async () => {
    const { asked, resolver } = resolverWith(["8.8.8.8"])
    const closed = await openEgress({}, { resolver })
    const error = await rejection(closed.fetch("https://mail.example:25/"))
    expect(egressRefusal(error)).toMatchObject({ rule: "port" })
    expect(asked).toEqual([])
    const open = await openEgress({ allowRanges: ["127.0.0.0/8:25"] }, { resolver })
    expect(egressRefusal(await rejection(open.fetch("https://mail.example:25/")))).toMatchObject({
      rule: "port",
    })
  })

  it("which the host allows may resolve to any address, on its port", async () => {
    const server = await listen(echo)
    const resolver = resolverWith(["127.0.0.1"])
    const egress = await openEgress({ allowHosts: [`mcp.internal:${server.port}`] }, resolver)
    expect((await egress.fetch(`http://MCP.internal.:${server.port}/`)).status).toBe(200)
    for (const url of [
      `https://mcp.internal:${server.port + 1}/`,
      `https://other.internal:${server.port}/`,
    ]) {
      expect(egressRefusal(await rejection(egress.fetch(url)))).toMatchObject({ rule: "address" })
    }
    expect(server.connections()).toBe(1)
  })

  it("which does not resolve fails as a network failure", async () => {
    const egress = await openEgress(undefined, {
      resolver: (hostname, _, done) => {
        const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND" })
        setImmediate(() => done(error, []))
      },
    })
    const error = await rejection(egress.fetch("https://nowhere.example/"))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: "ENOTFOUND" } })
    expect(egressRefusal(error)).toBeUndefined()
    const empty = await openEgress(undefined, resolverWith([]))
    expect(await rejection(empty.fetch("https://nowhere.example/"))).toMatchObject({
      message: "fetch failed",
    })
  })
})

describe("a connection", () => {
  it("is kept alive for the next request", async () => {
    const server = await listen(echo)
    const egress = await openEgress()
    for (let count = 0; count < 10; count++) await (await egress.fetch(server.url)).text()
    expect(server.requests()).toBe(10)
    // Two, because a connection is free again one turn of the event loop after its response is complete.
    expect(server.connections()).toBeLessThanOrEqual(2)
  })

  it("that fails does not tell the address that was tried", async () => {
    const server = await listen(echo)
    const { port } = server
    await server.close()
    for (const answer of [["127.0.0.1"], ["127.0.0.1", "127.0.0.1"]]) {
      const egress = await openEgress({ allowHosts: ["mcp.internal"] }, resolverWith(answer))
      const error = await rejection(egress.fetch(`http://mcp.internal:${port}/`))
      expect(error).toMatchObject({ message: "fetch failed", cause: { code: "ECONNREFUSED" } })
      const { cause } = error as Error // matched above
      expect(`${String(cause)} ${JSON.stringify(cause)}`).not.toContain("127.0.0.1")
    }
  })

  it("that is not made in time is given up", async () => {
    const egress = await openEgress(
      { connectTimeoutMs: 50, totalTimeoutMs: 20_000 },
      { resolver: () => {} }, // a name server that never answers
    )
    const error = await rejection(egress.fetch("https://slow.example/"))
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: "UND_ERR_CONNECT_TIMEOUT" } })
  })

  it("ignores the proxies of the environment", async () => {
    const [server, proxy] = [await listen(echo), await listen(echo)]
    for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) {
      process.env[name] = proxy.url
      onTestFinished(() => void delete process.env[name])
    }
    const egress = await openEgress()
    expect((await egress.fetch(server.url)).status).toBe(200)
    expect(proxy.connections()).toBe(0)
  })

  it("does not outlive its layer", async () => {
    const arrived = signal()
    const server = await listen((request, response) => {
      request.on("close", arrived.resolve)
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": open\n\n")
    })
    const egress = await openEgress()
    const response = await egress.fetch(server.url, { headers: { accept: "text/event-stream" } })
    const reader = response.body?.getReader()
    await reader?.read()
    const reading = rejection(Promise.resolve(reader?.read()))
    await egress.close()
    await arrived.promise
    expect(await reading).toMatchObject({ message: "terminated" })
    expect(await rejection(egress.fetch(server.url))).toMatchObject({ message: "fetch failed" })
  })

  it("over TLS is vetted the same, and names the server without a trailing dot", async () => {
    // A pre-shared key, so that the test needs no certificate.
    const psk = Buffer.from("0123456789abcdef")
    const tls = { ciphers: "PSK", maxVersion: "TLSv1.2" } as const
    let connections = 0
    const names: Array<string | false | null> = []
    const server = createServer({ ...tls, pskCallback: () => psk }, (socket) => {
      names.push(socket.servername)
      socket.on("error", () => {})
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"))
    })
    server.on("connection", () => connections++)
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo // a server on a port has no other kind of address
    const client = {
      ...tls,
      pskCallback: () => ({ psk, identity: "test" }),
      checkServerIdentity: () => undefined,
    }
    const { resolver } = resolverWith(["127.0.0.1"])
    const forbidden = await openEgress({}, { resolver, tls: client })
    expect(egressRefusal(await rejection(forbidden.fetch(`https://mcp.example:${port}/`)))).toMatchObject({
      rule: "address",
    })
    expect(connections).toBe(0)
    const allowed = await openEgress({ allowRanges: ["127.0.0.1/32"] }, { resolver, tls: client })
    for (const host of ["mcp.example", "mcp.example."]) {
      expect(await (await allowed.fetch(`https://${host}:${port}/`)).text()).toBe("ok")
    }
    expect(names).toEqual(["mcp.example", "mcp.example"])
    await allowed.close()
    await until(() => connections === 2)
  })
})
