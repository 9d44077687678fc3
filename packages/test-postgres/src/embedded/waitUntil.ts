import { setTimeout } from "node:timers/promises"

/** Polls; `false` when the condition did not come true in that many milliseconds. */
export const waitUntil = async (condition: () => boolean, milliseconds: number): Promise<boolean> => {
  const deadline = performance.now() + milliseconds
  while (!condition()) {
    if (performance.now() > deadline) return false
    await setTimeout(5)
  }
  return true
}
