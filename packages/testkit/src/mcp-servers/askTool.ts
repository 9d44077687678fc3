import { type JsonObject, type TestTool, textResult } from "./TestTool.ts"

/**
 * The tool `ask`: it asks the client for each of its `requests` (`{ method, params }`), one after the other, and
 * answers with what came back as a JSON array. An error of the client's is an error of the tool.
 */
export const askTool: TestTool = {
  name: "ask",
  description: "Asks the client for something and answers with what came back as JSON",
  inputSchema: {
    type: "object",
    properties: {
      requests: {
        type: "array",
        items: {
          type: "object",
          properties: { method: { type: "string" }, params: { type: "object" } },
          required: ["method", "params"],
        },
      },
    },
    required: ["requests"],
  },
  handle: async ({ requests }, { ask }) => {
    const answers: Array<JsonObject> = []
    for (const { method, params } of Array.isArray(requests) ? requests : []) {
      answers.push(await ask(method, params))
    }
    return textResult(JSON.stringify(answers))
  },
}
