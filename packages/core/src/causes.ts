/** An error with all that caused it, outermost first. */
export const causes = (error: unknown): ReadonlyArray<unknown> => {
  const chain: Array<unknown> = []
  for (let next = error; next !== undefined && next !== null && chain.length < 10;) {
    chain.push(next)
    next = next instanceof Error ? next.cause : undefined
  }
  return chain
}
