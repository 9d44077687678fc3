import * as Redacted from "effect/Redacted"
import assert from "node:assert/strict"
import { type OpenedMooring, writer } from "./openMooring.ts"
import { configOf, generationOf, type ServerState, type State, versionOf } from "./writes.ts"

/** Reads all that a writer has written, and throws where anything is half of a write. */
export const readState = async ({ mooring }: OpenedMooring): Promise<State> => {
  const state = new Map<string, ServerState>()
  for (const server of await mooring.servers.list(writer)) {
    const { config, id, name } = server
    const version = versionOf(server)
    const written = configOf(name, version)
    assert(config.type !== "stdio" && config.authToken !== null && config.customHeaders !== null)
    assert.equal(Redacted.value(config.authToken), written.authToken)
    assert.deepEqual(
      Object.entries(config.customHeaders).map(([header, value]) => [header, Redacted.value(value)]),
      Object.entries(written.customHeaders),
    )
    assert(!state.has(name), `${name} is there twice`)
    state.set(name, { version, generation: generationOf(name, await mooring.tools.list(writer, id)) })
  }
  return state
}
