export type { Mountable } from "@mooring/adapter-node"
export { koaMooring, type KoaContext, type KoaMiddleware, type KoaMooringOptions } from "./koaMooring.ts"
