import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"

/**
 * What is remembered is found by it: two are equal whose fields are. By structure, as Effect's data compare, it would
 * take longer than all else that a warm run reads.
 */
export class RememberedKey<Fields extends Readonly<Record<string, string>>> implements Equal.Equal {
  readonly fields: Fields
  readonly #values: ReadonlyArray<string>

  constructor(fields: Fields) {
    this.fields = fields
    this.#values = Object.values(fields)
  }

  [Equal.symbol](that: Equal.Equal): boolean {
    return (
      that instanceof RememberedKey &&
      that.#values.length === this.#values.length &&
      that.#values.every((value, index) => value === this.#values[index])
    )
  }

  [Hash.symbol](): number {
    return this.#values.reduce((hash, value) => Hash.combine(hash, Hash.string(value)), 0)
  }
}
