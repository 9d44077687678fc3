/** A step at which servers wait, until a test has seen or done what it wants to. */
export interface Hold {
  /** Resolves when the step has been reached. */
  readonly reached: Promise<void>
  readonly release: () => void
}

/** Holds servers up at steps of theirs, each only once. */
export class Holds<Step extends string> {
  readonly #holds = new Map<Step, { readonly reach: () => void; readonly released: Promise<void> }>()

  /** Whoever comes to this step next waits there. */
  at(step: Step): Hold {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    this.#holds.set(step, { reach, released })
    return { reached, release }
  }

  /** To be called by the servers. */
  async pass(step: Step): Promise<void> {
    const hold = this.#holds.get(step)
    this.#holds.delete(step)
    hold?.reach()
    await hold?.released
  }
}
