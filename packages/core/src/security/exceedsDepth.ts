/**
 * Whether a JSON value is nested deeper than `maxDepth` arrays and objects. What recurses over values (comparing,
 * encoding, validating) would overflow the stack on those that a hostile peer can send in a few hundred kilobytes.
 */
export const exceedsDepth = (value: unknown, maxDepth: number): boolean => {
  // Level by level, without recursion of its own.
  let level = [value].filter(isContainer)
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > maxDepth) return true
    level = level.flatMap((node) => Object.values(node).filter(isContainer))
  }
  return false
}

const isContainer = (node: unknown): node is object => typeof node === "object" && node !== null
