import * as Schema from "effect/Schema"

/**
 * Text that every store can keep and compare as it is: PostgreSQL has no NUL, UTF-8 no half of a surrogate pair, and
 * an index has room for a limited length.
 *
 * @param what said in messages: `a name`.
 */
export const storableText = (what: string) =>
  Schema.String.check(
    Schema.isPattern(/^[^\0\p{Surrogate}]*$/u, {
      expected: `${what} without NUL characters and halves of surrogate pairs`,
    }),
    Schema.isMaxLength(255, { expected: `${what} of at most 255 characters` }),
  )

/** Whether it is such a text. */
export const isStorableText = (text: string): boolean =>
  text.length <= 255 && text.isWellFormed() && !text.includes("\0")
