export { answerRequest } from "./answerRequest.ts"
export type { Exchange, NodeRequest, NodeResponse } from "./Exchange.ts"
export type { Mountable } from "./Mountable.ts"
export { toNodeHandler, type NodeHandler } from "./toNodeHandler.ts"
