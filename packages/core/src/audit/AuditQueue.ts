import * as DateTime from "effect/DateTime"
import { type AuditAct, type AuditRecord, makeAuditRecordId } from "./AuditRecord.ts"

type Actor = Pick<AuditRecord, "organizationId" | "userId">

interface Waiting extends Actor {
  readonly serverId: string
  /** In milliseconds. */
  at: number
  /** What was done; runs are counted meanwhile. */
  readonly act: AuditAct | { readonly action: "ran"; readonly tool: string; readonly outcome: string }
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
  readonly #waiting = new Map<string | number, Waiting>()
  #taken: ReadonlyArray<AuditRecord> = []
  #acts = 0
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
    this.#acts += 1
    this.#waiting.set(this.#acts, { organizationId, userId, serverId, act, at: now, since: now, runs: 0 })
  }

  /** @param tool its id, by which runs are counted, and its name, which is recorded. */
  ran(
    { organizationId, userId }: Actor,
    serverId: string,
    tool: { readonly id: string; readonly name: string },
    outcome: string,
    now: number,
  ): void {
    // No part of it can hold a NUL: see storableText.
    const key = `${organizationId}\0${userId}\0${tool.id}\0${outcome}`
    const known = this.#waiting.get(key)
    if (known !== undefined) {
      known.runs += 1
      known.at = now
    } else if (this.#waiting.size >= maxWaiting) {
      this.#lost += 1
    } else {
      const act = { action: "ran", tool: tool.name, outcome } as const
      this.#waiting.set(key, { organizationId, userId, serverId, act, at: now, since: now, runs: 1 })
    }
  }

  /**
   * Some records that are to be stored; the same ones again until {@link stored} is called. They have ids by then: a
   * store that has taken them without a word takes them once.
   */
  take(count: number): ReadonlyArray<AuditRecord> {
    if (this.#taken.length > 0) return this.#taken
    const taken: Array<AuditRecord> = []
    for (const [key, waiting] of this.#waiting) {
      if (taken.length >= count) break
      this.#waiting.delete(key)
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
    this.#taken = []
    return count
  }
}

const toRecord = ({ act, at, runs, since, ...rest }: Waiting): AuditRecord => ({
  id: makeAuditRecordId(),
  ...rest,
  at: DateTime.makeUnsafe(at),
  act: act.action === "ran" ? { ...act, runs, since: DateTime.makeUnsafe(since) } : act,
})
