/** Breaks a text at its spaces into at most `most` lines of `width` characters; what does not fit becomes "…". */
export const wrap = (text: string, width: number, most: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  // A key of JSON stays with its value.
  for (const word of text.split(/(?<!:) /)) {
    const longer = line === "" ? word : `${line} ${word}`
    if (longer.length <= width || line === "") {
      line = longer
    } else if (lines.length + 1 < most) {
      lines.push(line)
      line = word
    } else {
      line = `${line} …`
      break
    }
  }
  return [...lines, line].map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
}
