/** How many tools there are, and which. */
export const toolNames = (names: ReadonlyArray<string>): string =>
  `${names.length} ${names.length === 1 ? "tool" : "tools"}: ${names.join(", ")}`
