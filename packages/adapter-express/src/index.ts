export type { Mountable } from "@mooring/adapter-node"
export { expressMooring, type ExpressMiddleware } from "./expressMooring.ts"
