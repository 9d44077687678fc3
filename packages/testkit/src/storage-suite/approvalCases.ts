import {
  type ApprovedDefinitions,
  McpServerStore,
  type McpServer,
  type McpTool,
  ToolStore,
} from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { makeTool, replaceBy } from "./makeTool.ts"
import { oddIds } from "./oddTexts.ts"
import { outcome } from "./outcome.ts"
import { readableTool } from "./readable.ts"
import { about, listenResumed, replaced } from "./SignalLog.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** Approves a tool in the form in which it is given; fails where it has another one by now. */
export const approve = ({ id, organizationId }: McpServer, { fingerprint, id: toolId }: McpTool) =>
  ToolStore.use((tools) =>
    tools.modify(organizationId, id, toolId, ({ approved, tool }) =>
      tool.fingerprint === fingerprint
        ? Result.succeed({
            tool: { ...tool, needsApproval: false },
            approved: [...(approved ?? []), fingerprint],
          })
        : Result.fail({ _tag: "Changed" } as const),
    ),
  )

/** Puts these tools there, and that much approved: what it was where that is undefined. */
export const replaceApproved = (
  server: McpServer,
  tools: ReadonlyArray<McpTool>,
  approved?: ApprovedDefinitions,
) =>
  ToolStore.use((store) =>
    store.replaceAll(server, (current) => ({
      ...replaceBy(tools)(current),
      ...(approved === undefined ? {} : { approved }),
    })),
  )

/** What is approved of a server. */
export const approvedOf = Effect.fnUntraced(function* (server: McpServer) {
  let found: ApprovedDefinitions = null
  yield* ToolStore.use((store) =>
    store.replaceAll(server, (current, approved) => {
      found = approved
      return { tools: current, changes: { added: [], updated: [], deleted: [] } }
    }),
  )
  return found as ApprovedDefinitions
})

/** Tools that wait for somebody's approval, and what is approved. */
export const approvalCases: StorageCases = {
  "what is approved of a server is kept, through replacements, and goes with it": onNode(
    Effect.gen(function* () {
      const servers = yield* McpServerStore
      const server = yield* insertServer(uniqueName("org"))
      const tool = makeTool(server, { name: "tool" })
      expect(yield* approvedOf(server)).toBeNull()
      yield* replaceApproved(server, [tool])
      expect(yield* approvedOf(server)).toBeNull()
      for (const approved of [[], ["a", "b"], Array.from({ length: 20_000 }, (_, index) => `${index}`)]) {
        yield* replaceApproved(server, [tool], approved)
        yield* replaceApproved(server, [])
        yield* replaceApproved(server, [tool])
        expect(yield* approvedOf(server)).toStrictEqual(approved)
      }
      yield* servers.modify(server.organizationId, server.id, (current) =>
        Result.succeed({ ...current, name: `${current.name} renamed` }),
      )
      expect(yield* approvedOf(server)).toHaveLength(20_000)
      yield* replaceApproved(server, [tool], null)
      expect(yield* approvedOf(server)).toBeNull()

      yield* replaceApproved(server, [tool], ["a"])
      yield* servers.remove(server.organizationId, server.id)
      yield* servers.insert(server)
      expect(yield* approvedOf(server)).toBeNull()
    }),
  ),

  "one tool is changed, with what is approved; the others and its place stay": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const server = yield* insertServer(uniqueName("org"))
      const { id, organizationId } = server
      const [one, two, three] = [
        makeTool(server, { name: "one" }, { needsApproval: true }),
        makeTool(server, { name: "two" }, { needsApproval: true }),
        makeTool(server, { name: "three" }),
      ]
      yield* replaceApproved(server, [one, two, three], ["earlier"])
      const expected = [one, { ...two, needsApproval: false }, three]
      expect(readableTool(yield* approve(server, two))).toStrictEqual(
        readableTool({ ...two, needsApproval: false }),
      )
      expect((yield* tools.list(organizationId, id)).map(readableTool)).toStrictEqual(
        expected.map(readableTool),
      )
      const offered = yield* tools.get(organizationId, id, one.id)
      expect(offered.tool.needsApproval).toBe(true)
      expect(yield* approvedOf(server)).toStrictEqual(["earlier", two.fingerprint])
      const { changes } = yield* tools.replaceAll(server, (current) => replaceBy(current)(current))
      expect(changes.deleted).toStrictEqual(["one", "two", "three"])
    }),
  ),

  "a change of a tool that is refused changes nothing; one that is made is told": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const server = yield* insertServer(uniqueName("org"))
      const tool = makeTool(server, { name: "tool" }, { needsApproval: true })
      yield* replaceApproved(server, [tool], [])
      const log = yield* listenResumed()
      expect(yield* outcome(approve(server, { ...tool, fingerprint: "another" }))).toBe("Changed")
      expect((yield* tools.list(server.organizationId, server.id)).map(readableTool)).toStrictEqual([
        readableTool(tool),
      ])
      yield* approve(server, tool)
      expect(about(log, server.id)).toContainEqual(replaced(server.id))
      expect(yield* approvedOf(server)).toStrictEqual([tool.fingerprint])
    }),
  ),

  "what is no tool of the server can't be changed, whatever its id is": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const server = yield* insertServer(uniqueName("org"))
      const neighbour = yield* insertServer(server.organizationId)
      const [tool, other] = [makeTool(server, { name: "tool" }), makeTool(neighbour, { name: "tool" })]
      yield* replaceApproved(server, [tool])
      yield* replaceApproved(neighbour, [other])
      const change = () => expect.unreachable("A tool was handed to a change that is not the server's")
      for (const id of [other.id, ...oddIds(tool.id)]) {
        const attempt = tools.modify<never>(server.organizationId, server.id, id, change)
        expect(yield* outcome(attempt), JSON.stringify(id)).toBe("McpToolNotFound")
      }
      for (const id of oddIds(server.id)) {
        const attempt = tools.modify<never>(server.organizationId, id, tool.id, change)
        expect(yield* outcome(attempt), JSON.stringify(id)).toBe("McpServerNotFound")
      }
    }),
  ),
}
