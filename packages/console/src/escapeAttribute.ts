const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** A text as it stands in a quoted attribute of HTML. */
export const escapeAttribute = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? "")
