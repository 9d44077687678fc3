import type { Client } from "@modelcontextprotocol/client"
import { expect, it } from "vitest"
import { defaultTools } from "../../src/mcp-servers/defaultTools.ts"
import type { ToolObserver } from "../../src/mcp-servers/ToolRegistry.ts"

/** What every well-behaved server with the default tools does, whatever it is reached by. */
export function defaultToolsSuite(
  connect: (options: { pageSize?: number }) => Promise<{
    readonly client: Client
    /** Where the tools run in this process. */
    readonly observer?: ToolObserver
    readonly [Symbol.asyncDispose]: () => PromiseLike<void>
  }>,
): void {
  it("lists all tools, their schemas as defined", async () => {
    await using connection = await connect({})
    const { tools } = await connection.client.listTools()
    expect(tools.filter(({ name }) => isDefault(name))).toEqual(definitions)
  })

  it("calls every default tool", async () => {
    await using connection = await connect({})
    const { client } = connection
    await client.listTools()
    const call = async (name: string, args: Record<string, unknown> = {}) =>
      client.callTool({ name, arguments: args })

    expect(await call("echo", { text: "Grüße 👋" })).toMatchObject(text("Grüße 👋"))
    expect(await call("add", { a: 2, b: 40 })).toMatchObject({
      ...text('{"sum":42}'),
      structuredContent: { sum: 42 },
    })
    const image = await call("image")
    expect(image.content).toMatchObject([{ type: "image", mimeType: "image/png" }])
    expect(await call("fail")).toMatchObject({ isError: true, content: [{ type: "text" }] })
    await expect(call("throws")).rejects.toMatchObject({ code: -32050 })
    await expect(call("unknown")).rejects.toMatchObject({ code: -32602 })
    expect(await call("slow", { ms: 1 })).toMatchObject(text("Waited 1 ms"))
    expect(await call("count")).toMatchObject(text("1"))
    expect(await call("count")).toMatchObject(text("2"))
    expect(await call("nested", { inner: { inner: 1 } })).toMatchObject(text('{"inner":{"inner":1}}'))
    const tree = { value: "root", children: [{ value: "leaf" }] }
    expect(await call("refs", { tree })).toMatchObject(text(JSON.stringify({ tree })))
  })

  it("stops a slow call that is cancelled", async () => {
    await using connection = await connect({})
    const { client, observer } = connection
    const cancellation = new AbortController()
    const call = client.callTool({ name: "slow", arguments: { ms: 60_000 } }, { signal: cancellation.signal })
    const settled = expect(call).rejects.toThrow()
    if (observer === undefined) {
      // The server runs elsewhere: that it still answers is all there is to see.
      cancellation.abort()
      await settled
      expect(await client.callTool({ name: "echo", arguments: { text: "alive" } })).toMatchObject(
        text("alive"),
      )
      return
    }
    await observer.called("slow")
    cancellation.abort()
    await settled
    expect(await observer.cancelled).toEqual({ name: "slow", args: { ms: 60_000 } })
    expect(observer.cancellations).toHaveLength(1)
    expect(observer.calls).toHaveLength(1)
  })
}

/** And what those do that run in this process, where a test can set their tools. */
export function observedToolsSuite(
  connect: (options: { pageSize?: number; tools?: false }) => Promise<{
    readonly client: Client
    readonly observer: ToolObserver
    readonly [Symbol.asyncDispose]: () => PromiseLike<void>
  }>,
): void {
  it("lists page by page", async () => {
    await using connection = await connect({ pageSize: 4 })
    const { client } = connection
    const pages: Array<Array<string>> = []
    let cursor: string | undefined
    do {
      const page = await client.request({
        method: "tools/list",
        params: cursor === undefined ? {} : { cursor },
      })
      pages.push(page.tools.map(({ name }) => name))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(pages.map((page) => page.length)).toEqual([4, 4, 1])
    expect(pages.flat()).toEqual(defaultTools().map(({ name }) => name))
    expect((await client.listTools()).tools).toHaveLength(9)
    await expect(client.listTools({ cursor: "no such page" })).rejects.toMatchObject({ code: -32602 })
  })

  it("has no tools at all on demand", async () => {
    await using connection = await connect({ tools: false })
    expect(connection.client.getServerCapabilities()?.tools).toBeUndefined()
    await expect(connection.client.request({ method: "tools/list" })).rejects.toThrow("Method not found")
  })

  it("changes its tools while connected", async () => {
    await using connection = await connect({})
    const { client, observer } = connection
    const [echo] = defaultTools()
    if (echo === undefined) throw new Error("There are no default tools")
    await observer.setTools([{ ...echo, name: "renamed" }])
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["renamed"])
    await client.callTool({ name: "renamed", arguments: { text: "once" } })
    expect(observer.calls).toEqual([{ name: "renamed", args: { text: "once" } }])
  })
}

const definitions = defaultTools().map(({ handle: _handle, ...definition }) => definition)

function isDefault(name: string): boolean {
  return definitions.some((definition) => definition.name === name)
}

function text(value: string): object {
  return { content: [{ type: "text", text: value }] }
}
