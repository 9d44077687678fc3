import type { Bench } from "./Bench.ts"
import { createWithTools } from "./storage/createWithTools.ts"
import { plans } from "./storage/plans.ts"
import { reads } from "./storage/reads.ts"
import { toolRuns } from "./storage/toolRuns.ts"

/** All of them, in the order in which they run. */
export const benches: ReadonlyArray<Bench> = [toolRuns, createWithTools, reads, plans]
