import { vi } from "vitest"

/** Takes down what this process writes to its console and to its standard streams. */
export const recordLogs = () => {
  const lines: Array<string> = []
  const spies = [
    ...(["debug", "error", "info", "log", "trace", "warn"] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...words: ReadonlyArray<unknown>) => {
        lines.push(words.map(textOf).join(" "))
      }),
    ),
    ...[process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((chunk) => {
        lines.push(String(chunk))
        return true
      }),
    ),
  ]
  return { lines, stop: () => spies.forEach((spy) => spy.mockRestore()) }
}

const textOf = (word: unknown): string => {
  if (typeof word === "string") return word
  if (word instanceof Error) return `${word.stack ?? word.message} ${textOf(word.cause ?? "")}`
  return JSON.stringify(word) ?? String(word)
}
