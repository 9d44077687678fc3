import * as Schema from "effect/Schema"
import { McpTarget } from "../mcp/McpTarget.ts"
import { answerBatches } from "../processes/answerBatches.ts"
import type { OpenCaller } from "./Caller.ts"

// A process that calls a tool in one of the ways that are compared: the module named first, the target as JSON.

const [module = "", target = ""] = process.argv.slice(2)
const { openCaller }: { readonly openCaller: OpenCaller } = await import(module)
answerBatches(await openCaller(Schema.decodeUnknownSync(Schema.fromJsonString(McpTarget))(target)))
