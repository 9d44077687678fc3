/**
 * What is under way, as long as it is. Things come and go by the thousand while most of them are young, which a `Map` or
 * a `Set` of long life does not bear: when it makes itself a new table, the old one still holds what was in it and the
 * new one, so that the garbage collector keeps all of that, with the requests behind it, until it next goes through
 * everything.
 */
export class InFlight<A> implements Iterable<A> {
  readonly #all: Array<A> = []

  get size(): number {
    return this.#all.length
  }

  /** Those that are there now: one that ends meanwhile is among them. */
  [Symbol.iterator](): Iterator<A> {
    return this.#all.slice().values()
  }

  add(one: A): void {
    this.#all.push(one)
  }

  find(isWanted: (one: A) => boolean): A | undefined {
    return this.#all.find(isWanted)
  }

  /** Whether it was there. Its place is taken by the last one: they are in no order. */
  delete(one: A): boolean {
    const at = this.#all.indexOf(one)
    if (at === -1) return false
    const last = this.#all.pop()
    if (last !== undefined && at < this.#all.length) this.#all[at] = last
    return true
  }
}
