import { expect, test } from "vitest"
import type { OpenApi, Operation } from "../../src/battery/requests/OpenApi.ts"
import { walkAsStranger } from "../../src/battery/tenancy/walkAsStranger.ts"
import { walkForeignIds } from "../../src/battery/tenancy/walkForeignIds.ts"

test("to another organization nothing is there, on any route, in any stream or callback", async () => {
  const { attempts, callback, isUntouched, leaks, traces, unknown } = await walkAsStranger()
  expect({ leaks, traces, unknown }).toStrictEqual({ leaks: [], traces: [], unknown: [] })
  expect(attempts).toBeGreaterThan(40)
  expect(isUntouched).toBe(true)
  expect(callback).toStrictEqual({ status: 403, before: "waiting_for_auth", after: "waiting_for_auth" })
})

const operation = (method: string, path: string, ...pathParameters: ReadonlyArray<string>): Operation => ({
  method,
  path,
  pathParameters,
  queryParameters: [],
  body: undefined,
  answers: {},
})
const walk = (operations: ReadonlyArray<Operation>, text = "") => {
  const api: OpenApi = { operations, schemas: {} }
  const subjects = { foreign: { mcp_server_id: "theirs" }, own: {}, absent: { mcp_server_id: "nobodys" } }
  return walkForeignIds(api, subjects, async ({ target }) => ({ status: 404, text: `${target}${text}` }))
}

test("a new route fails the walk until somebody says how to walk it", async () => {
  expect(await walk([operation("GET", "/v1/new")])).toMatchObject({ unknown: ["GET /v1/new"] })
  expect(await walk([operation("GET", "/v1/new/{it}", "it")])).toMatchObject({
    unknown: ["GET /v1/new/{it}"],
  })
})

test("a trace of existence is seen", async () => {
  const route = operation("GET", "/v1/mcp-servers/{mcp_server_id}", "mcp_server_id")
  expect(await walk([route])).toMatchObject({ attempts: 2, traces: [], unknown: [] })
  const api: OpenApi = { operations: [route], schemas: {} }
  const subjects = { foreign: { mcp_server_id: "theirs" }, own: {}, absent: { mcp_server_id: "nobodys" } }
  const { traces } = await walkForeignIds(api, subjects, async ({ target }) => ({
    status: 404,
    text: target.includes("theirs") ? "not for you" : "not there",
  }))
  expect(traces).toHaveLength(2)
})
