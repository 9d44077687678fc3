import type { Stores } from "@mooring/core"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { writeSync } from "node:fs"
import { type OpenedMooring, openMooring, writer } from "./openMooring.ts"
import { readState } from "./readState.ts"
import { seededRandom, type SeededRandom } from "./seededRandom.ts"
import { configOf, type ServerState, toolsOf, type Write, type WriterLine } from "./writes.ts"

/** Several hands write at once, each to servers of its own. */
const hands = ["left", "right"]
const serversOfHand = 2

/**
 * Opens the stores and writes to them until the process is killed. Every line is out before the next thing happens: a
 * write that is said to be done was acknowledged.
 */
export const runWriter = async (stores: Layer.Layer<Stores, Error>, seed: number): Promise<void> => {
  tell({ says: "opening" })
  const opened = await openMooring(stores)
  const state = await readState(opened)
  tell({ says: "open" })
  await Promise.all(
    hands.map((hand, index) => writeForEver(opened, hand, new Map(state), seededRandom(seed + index))),
  )
}

const tell = (line: WriterLine) => void writeSync(1, `${JSON.stringify(line)}\n`)

const writeForEver = async (
  opened: OpenedMooring,
  hand: string,
  state: Map<string, ServerState>,
  random: SeededRandom,
): Promise<never> => {
  const ids = new Map<string, string>()
  for (const { id, name } of await opened.mooring.servers.list(writer)) ids.set(name, id)
  while (true) {
    const write = chooseWrite(`${hand}-${random.integer(1, serversOfHand)}`, state, random)
    tell({ says: "begins", write })
    await perform(opened, ids, write)
    tell({ says: "done", write })
    if (write.to === null) state.delete(write.name)
    else state.set(write.name, write.to)
  }
}

const chooseWrite = (name: string, state: ReadonlyMap<string, ServerState>, random: SeededRandom): Write => {
  const current = state.get(name)
  if (current === undefined)
    return { kind: "create", name, to: { version: random.integer(1, 999), generation: 0 } }
  const kind = random.pick(["replaceTools", "replaceTools", "replaceTools", "update", "update", "remove"])
  switch (kind) {
    case "replaceTools":
      return { kind, name, to: { ...current, generation: current.generation + 1 } }
    case "update":
      return { kind, name, to: { ...current, version: current.version + 1 } }
    case "remove":
      return { kind, name, to: null }
  }
}

const perform = async (
  { mooring, toolStore }: OpenedMooring,
  ids: Map<string, string>,
  { kind, name, to }: Write,
): Promise<void> => {
  const id = ids.get(name) ?? ""
  if (to === null) return mooring.servers.remove(writer, id)
  switch (kind) {
    case "create": {
      const created = await mooring.servers.create(writer, { name, config: configOf(name, to.version) })
      ids.set(name, created.id)
      return
    }
    case "update":
      await mooring.servers.update(writer, id, { config: configOf(name, to.version) })
      return
    default: {
      const server = await mooring.servers.get(writer, id)
      await Effect.runPromise(
        toolStore.replaceAll(server, (current) => ({
          tools: toolsOf(server.id, to.generation, current),
          changes: { added: [], updated: [], deleted: [] },
        })),
      )
    }
  }
}
