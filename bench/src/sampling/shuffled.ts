/** A copy in random order (Fisher and Yates). */
export const shuffled = <A>(
  items: ReadonlyArray<A>,
  random: () => number = Math.random,
): ReadonlyArray<A> => {
  const rest = [...items]
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1))
}
