import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"

/**
 * What is remembered is found by it: two are equal whose fields are, given in the same order. By structure, as Effect's
 * data compare, it would take longer than all else that a warm run reads.
 */
export class RememberedKey<Fields extends Readonly<Record<string, string>>> implements Equal.Equal {
  readonly fields: Fields
  readonly #name: string

  constructor(fields: Fields) {
    this.fields = fields
    let name = ""
    // No store takes text with NUL characters.
    for (const value of Object.values(fields)) name += `${value}\0`
    this.#name = name
  }

  [Equal.symbol](that: Equal.Equal): boolean {
    return that instanceof RememberedKey && that.#name === this.#name
  }

  [Hash.symbol](): number {
    return Hash.string(this.#name)
  }
}
