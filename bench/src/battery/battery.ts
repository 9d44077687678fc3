import type { Bench } from "../Bench.ts"
import { egressTargets } from "./egress/egressTargets.ts"
import { anyRequests } from "./requests/anyRequests.ts"
import { foreignIds } from "./tenancy/foreignIds.ts"
import { canarySecrets } from "./secrets/canarySecrets.ts"
import { heavyAnswers } from "./heavy/heavyAnswers.ts"
import { hostileServers } from "./suites/hostileServers.ts"

/** All of it, in the order in which it runs. */
export const battery: ReadonlyArray<Bench> = [
  egressTargets,
  anyRequests,
  foreignIds,
  canarySecrets,
  heavyAnswers,
  hostileServers,
]
