/** Reads JSON as editors keep it: with comments, and with commas behind the last entry. */
export const readJsonc = (text: string): unknown => JSON.parse(withoutExtras(text.replace(/^\uFEFF/, "")))

const withoutExtras = (text: string): string => {
  let plain = ""
  let at = 0
  while (at < text.length) {
    const character = text[at] ?? ""
    const two = text.slice(at, at + 2)
    if (character === '"') {
      const end = endOfString(text, at)
      plain += text.slice(at, end)
      at = end
    } else if (two === "//") {
      const end = text.indexOf("\n", at)
      at = end === -1 ? text.length : end
    } else if (two === "/*") {
      const end = text.indexOf("*/", at + 2)
      at = end === -1 ? text.length : end + 2
    } else {
      if (character === "}" || character === "]") plain = withoutLastComma(plain)
      plain += character
      at++
    }
  }
  return plain
}

const endOfString = (text: string, start: number): number => {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1
  return at + 1
}

const withoutLastComma = (text: string): string => {
  const trimmed = text.trimEnd()
  return trimmed.endsWith(",") ? trimmed.slice(0, -1) : text
}
