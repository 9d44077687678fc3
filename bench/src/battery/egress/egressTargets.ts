import type { Bench } from "../../Bench.ts"
import { forbiddenTargets, publicTargets } from "./ForbiddenTargets.ts"
import { steerEverywhere } from "./steerEverywhere.ts"
import { waysToSteer } from "./waysToSteer.ts"

/** Whether anybody on the wrong side of the policy can be reached by what servers tell us. */
export const egressTargets: Bench = {
  name: "egress: forbidden targets",
  about: `${forbiddenTargets.length} forbidden hosts, from the IANA registries and RFCs, and ${publicTargets.length} public ones, in every URL that whoever registers a server, or the server, can choose. Each stands there as it is written, as a name that resolves to it, as one of two addresses of a name, as the second answer for a name whose first one is public, and behind a redirect. Names and connections are answered in the last step before they would leave JavaScript; what counts is which addresses that step was asked to connect to.`,
  run: async () => {
    const all = []
    for (const way of waysToSteer) {
      process.stdout.write(`… ${way.name}\n`)
      const { attempts, idle, reached, refused } = await steerEverywhere([way], forbiddenTargets)
      for (const problem of [...reached, ...refused, ...idle]) process.stdout.write(`  ✗ ${problem}\n`)
      all.push(
        { type: "count" as const, what: `${way.name}: attempts`, value: attempts },
        count(`${way.name}: connections to a forbidden address`, reached),
        ...(way.reachesPublic ? [count(`${way.name}: public hosts refused`, refused)] : []),
        count(`${way.name}: attempts that tried nothing`, idle),
      )
    }
    return all
  },
}

const count = (what: string, found: ReadonlyArray<string>) => ({
  type: "count" as const,
  what,
  value: found.length,
  goal: { atMost: 0 },
})
