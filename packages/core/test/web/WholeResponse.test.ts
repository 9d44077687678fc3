import { describe, expect, test } from "vitest"
import { WholeResponse } from "../../src/web/WholeResponse.ts"

const json = '{"größe":1}'

describe.each([
  ["text", json],
  ["bytes", new TextEncoder().encode(json)],
])("a response of %s", (_, content) => {
  const response = () => new WholeResponse(content, { status: 201, headers: { "x-a": "1" } })

  test("is one, with status and headers", () => {
    expect(response()).toBeInstanceOf(Response)
    expect(response()).toMatchObject({ status: 201, ok: true })
    expect(response().headers.get("x-a")).toBe("1")
  })

  test.each([
    ["text", (whole: Response) => whole.text()],
    ["json", async (whole: Response) => JSON.stringify(await whole.json())],
    ["bytes", async (whole: Response) => new TextDecoder().decode(await whole.bytes())],
    ["arrayBuffer", async (whole: Response) => new TextDecoder().decode(await whole.arrayBuffer())],
    ["blob", async (whole: Response) => (await whole.blob()).text()],
    ["body", async (whole: Response) => new Response(whole.body).text()],
    ["clone", async (whole: Response) => whole.clone().text()],
  ])("is read by %s", async (_, read) => {
    expect(await read(response())).toBe(json)
  })

  test.each(["text", "bytes"] as const)("that was read by %s is not read again", async (method) => {
    const read = response()
    expect(read.bodyUsed).toBe(false)
    await read[method]()
    expect(read.bodyUsed).toBe(true)
    for (const again of ["text", "json", "bytes"] as const) {
      await expect(read[again]()).rejects.toThrow(TypeError)
    }
    expect(() => read.body).toThrow(TypeError)
    expect(() => read.clone()).toThrow(TypeError)
  })

  test("whose stream was taken is not there for others", async () => {
    const taken = response()
    await taken.body?.cancel()
    await expect(taken.text()).rejects.toThrow(TypeError)
  })
})
