import type { Actor } from "../actors/Actor.ts"

/** Runs of one tool by one user that ended alike. */
interface Alike extends Pick<Actor, "organizationId" | "userId"> {
  readonly toolId: string
  readonly outcome: string
}

/**
 * Finds the runs that are alike to one that has just ended: by tool and then by user, since a text made of both would
 * have to be put together and hashed anew for every run, which takes twenty times as long.
 */
export class CountedRuns<Runs extends Alike> {
  readonly #byTool = new Map<string, Map<string, ReadonlyArray<Runs>>>()

  find(organizationId: string, userId: string, toolId: string, outcome: string): Runs | undefined {
    return this.#byTool
      .get(toolId)
      ?.get(userId)
      ?.find((runs) => runs.outcome === outcome && runs.organizationId === organizationId)
  }

  add(runs: Runs): void {
    const byUser = this.#byTool.get(runs.toolId) ?? new Map<string, ReadonlyArray<Runs>>()
    this.#byTool.set(runs.toolId, byUser)
    byUser.set(runs.userId, [...(byUser.get(runs.userId) ?? []), runs])
  }

  delete(runs: Runs): void {
    const byUser = this.#byTool.get(runs.toolId)
    const others = byUser?.get(runs.userId)?.filter((other) => other !== runs) ?? []
    if (others.length > 0) byUser?.set(runs.userId, others)
    else byUser?.delete(runs.userId)
    if (byUser?.size === 0) this.#byTool.delete(runs.toolId)
  }

  clear(): void {
    this.#byTool.clear()
  }
}
