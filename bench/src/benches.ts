import type { Bench } from "./Bench.ts"
import { mixedLoad } from "./load/mixedLoad.ts"
import { silentServers } from "./load/silentServers.ts"
import { idleSessions } from "./memory/idleSessions.ts"
import { router } from "./router/router.ts"
import { connections } from "./runs/connections.ts"
import { warmRuns } from "./runs/warmRuns.ts"
import { callbacks } from "./sign-in/callbacks.ts"
import { startTimes } from "./start/startTimes.ts"
import { createWithTools } from "./storage/createWithTools.ts"
import { plans } from "./storage/plans.ts"
import { reads } from "./storage/reads.ts"
import { toolRuns } from "./storage/toolRuns.ts"

/** All of them, in the order in which they run. */
export const benches: ReadonlyArray<Bench> = [
  warmRuns,
  connections,
  idleSessions,
  router,
  startTimes,
  mixedLoad,
  silentServers,
  toolRuns,
  createWithTools,
  reads,
  plans,
  callbacks,
]
