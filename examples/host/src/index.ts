export { bearerActor } from "./bearerActor.ts"
export { type RunningHost, serve } from "./serve.ts"
export { readSettings, type Settings } from "./Settings.ts"
