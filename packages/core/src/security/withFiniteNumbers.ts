/**
 * The same value as JSON can write it: `JSON.parse` makes Infinity of `1e400`, which is no number of JSON's, and which
 * `JSON.stringify` writes as null. Whoever holds it against a schema of JSON values would refuse the whole.
 */
export const withFiniteNumbers = <A>(value: A): A => (isFinite(value) ? value : written(value))

const written = <A>(value: A): A => JSON.parse(JSON.stringify(value))

const isFinite = (value: unknown): boolean => {
  // Level by level, without recursion: it is a hostile peer that says how deep.
  let level = [value]
  while (level.length > 0) {
    if (level.some((node) => typeof node === "number" && !Number.isFinite(node))) return false
    level = level.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []))
  }
  return true
}
