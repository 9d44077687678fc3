import { type JsonObject, type TestTool, textResult } from "./TestTool.ts"

/**
 * The tool `report`: it sends each of its `notices` to the client, in their order and `times` over. One with `progress`
 * is sent as progress, where the client wants to hear of that; any other as a log message, `aside` of the call's own
 * stream where it says so. Then it answers with what the client sent as `_meta`, or waits until it is cancelled where
 * `waits` is set.
 */
export const reportTool: TestTool = {
  name: "report",
  description: "Tells the client how far it has come",
  inputSchema: {
    type: "object",
    properties: {
      notices: { type: "array", items: { type: "object" } },
      times: { type: "integer" },
      waits: { type: "boolean" },
    },
    required: ["notices"],
  },
  handle: async ({ notices, times = 1, waits }, { meta, notify, signal }) => {
    const all: ReadonlyArray<JsonObject> = Array.isArray(notices) ? notices : []
    for (let time = 0; time < Number(times); time += 1) {
      for (const { aside, ...params } of all) {
        if (!("progress" in params)) await notify("notifications/message", params, aside === true)
        else if (meta["progressToken"] !== undefined) {
          await notify("notifications/progress", { ...params, progressToken: meta["progressToken"] })
        }
      }
    }
    if (waits === true) {
      await new Promise((_resolve, reject) => {
        if (signal.aborted) return reject(new Error("Cancelled"))
        signal.addEventListener("abort", () => reject(new Error("Cancelled")), { once: true })
      })
    }
    return textResult(JSON.stringify(meta))
  },
}
