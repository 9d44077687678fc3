import type { Api } from "../api/Api.ts"
import { toApiError } from "../api/ApiError.ts"
import type { RefreshDiff } from "../api/wire.ts"
import { isChanged, type ServerState, stateOfError, stateOfHealth } from "../servers/ServerState.ts"

/** So many servers are asked at a time: commands are started for some of them. */
const mostAtOnce = 3

/** How the servers are, as far as this page has seen it. What has changed in their tools is remembered as long as it is open. */
export class ServerStates {
  readonly #api: Api
  readonly #states = new Map<string, ServerState>()
  readonly #changed = new Map<string, ReadonlySet<string>>()
  readonly #listeners = new Set<() => void>()
  readonly #waiting: Array<() => Promise<void>> = []
  #running = 0

  constructor(api: Api) {
    this.#api = api
  }

  get(id: string): ServerState {
    return this.#states.get(id) ?? { kind: "unknown" }
  }

  set(id: string, state: ServerState): void {
    this.#states.set(id, state)
    for (const tell of this.#listeners) tell()
  }

  /** Names of tools that a refresh found changed. */
  changed(id: string): ReadonlySet<string> {
    return this.#changed.get(id) ?? new Set()
  }

  refreshed(id: string, diff: RefreshDiff): void {
    if (isChanged(diff)) this.#changed.set(id, new Set([...this.changed(id), ...diff.updated]))
    this.set(id, { kind: "connected", diff: isChanged(diff) ? diff : undefined })
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks once how a server is: by its health, and where that does not tell, by listing its tools anew. */
  checkOnce(id: string): void {
    if (this.get(id).kind === "unknown") this.check(id)
  }

  check(id: string): void {
    this.set(id, { kind: "connecting" })
    this.#waiting.push(async () => {
      try {
        const told = stateOfHealth(await this.#api.health(id))
        if (told === undefined) this.refreshed(id, await this.#api.refresh(id))
        else this.set(id, told)
      } catch (error) {
        this.set(id, stateOfError(toApiError(error)))
      }
    })
    this.#next()
  }

  #next(): void {
    const work = this.#running < mostAtOnce ? this.#waiting.shift() : undefined
    if (work === undefined) return
    this.#running++
    void work().finally(() => {
      this.#running--
      this.#next()
    })
  }
}
