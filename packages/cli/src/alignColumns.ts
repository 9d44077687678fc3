/** Rows as lines of text, every column as wide as its widest cell. */
export const alignColumns = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  { gap = 2, indent = 0 }: { readonly gap?: number; readonly indent?: number } = {},
): string => {
  const widths: Array<number> = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" ".repeat(gap)))
    .map((line) => (" ".repeat(indent) + line).trimEnd())
    .join("\n")
}
