import * as DateTime from "effect/DateTime"
import { nameAttribute } from "../telemetry/attributes.ts"
import { type AuditAct, type AuditRecord, makeAuditRecordId } from "./AuditRecord.ts"
import { CountedRuns } from "./CountedRuns.ts"

type Actor = Pick<AuditRecord, "organizationId" | "userId">

interface Waiting extends Actor {
  readonly serverId: string
  /** In milliseconds. */
  at: number
}

interface WaitingAct extends Waiting {
  readonly act: AuditAct
}

interface WaitingRuns extends Waiting {
  readonly toolId: string
  readonly tool: string
  readonly outcome: string
  readonly since: number
  runs: number
}

/** How many wait at most. Acts may wait beside as many runs again, so that no number of runs can hide one. */
const maxWaiting = 10_000

/**
 * What is to be recorded, until the store has taken it. Runs of one tool by one user that end alike are one record with
 * their number: what a run costs here is the way to that number.
 */
export class AuditQueue {
  /** In the order in which it happened; what is taken and not yet stored is not in it any more. */
  readonly #waiting = new Set<WaitingAct | WaitingRuns>()
  readonly #runs = new CountedRuns<WaitingRuns>()
  #taken: ReadonlyArray<AuditRecord> = []
  #lost = 0

  /** How many records there are to store. */
  get size(): number {
    return this.#waiting.size + this.#taken.length
  }

  act({ organizationId, userId }: Actor, serverId: string, act: AuditAct, now: number): void {
    if (this.#waiting.size >= 2 * maxWaiting) {
      this.#lost += 1
      return
    }
    this.#waiting.add({ organizationId, userId, serverId, act, at: now })
  }

  ran(
    { organizationId, userId }: Actor,
    serverId: string,
    tool: { readonly id: string; readonly definition: { readonly name: string } },
    outcome: string,
    now: number,
  ): void {
    const known = this.#runs.find(organizationId, userId, tool.id, outcome)
    if (known !== undefined) {
      known.runs += 1
      known.at = now
    } else if (this.#waiting.size >= maxWaiting) {
      this.#lost += 1
    } else {
      const named = { toolId: tool.id, tool: nameAttribute(tool.definition.name) }
      const runs = { organizationId, userId, serverId, ...named, outcome, at: now, since: now, runs: 1 }
      this.#waiting.add(runs)
      this.#runs.add(runs)
    }
  }

  /**
   * Some records that are to be stored; the same ones again until {@link stored} is called. They have ids by then: a
   * store that has taken them without a word takes them once.
   */
  take(count: number): ReadonlyArray<AuditRecord> {
    if (this.#taken.length > 0) return this.#taken
    const taken: Array<AuditRecord> = []
    for (const waiting of this.#waiting) {
      if (taken.length >= count) break
      this.#waiting.delete(waiting)
      if ("toolId" in waiting) this.#runs.delete(waiting)
      taken.push(toRecord(waiting))
    }
    this.#taken = taken
    return taken
  }

  stored(): void {
    this.#taken = []
  }

  /** How many were lost since this was asked last: there was no room for them. */
  takeLost(): number {
    const lost = this.#lost
    this.#lost = 0
    return lost
  }

  /** Gives up all that waits. */
  giveUp(): number {
    const count = this.#waiting.size + this.#taken.length + this.takeLost()
    this.#waiting.clear()
    this.#runs.clear()
    this.#taken = []
    return count
  }
}

const toRecord = (waiting: WaitingAct | WaitingRuns): AuditRecord => {
  const { at, organizationId, serverId, userId } = waiting
  const record = { id: makeAuditRecordId(), organizationId, userId, serverId, at: DateTime.makeUnsafe(at) }
  if ("act" in waiting) return { ...record, act: waiting.act }
  const { outcome, runs, since, tool } = waiting
  return { ...record, act: { action: "ran", tool, outcome, runs, since: DateTime.makeUnsafe(since) } }
}
