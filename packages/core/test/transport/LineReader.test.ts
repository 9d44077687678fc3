import { expect, test } from "vitest"
import { LineReader } from "../../src/transport/stdio/LineReader.ts"

test("lines are cut wherever the chunks end, in the middle of characters too", () => {
  const bytes = Buffer.from("één\r\n\n  \ntwo\nthree")
  for (let size = 1; size <= bytes.length; size += 1) {
    const reader = new LineReader(100)
    const lines: Array<string> = []
    for (let at = 0; at < bytes.length; at += size) {
      const read = reader.push(bytes.subarray(at, at + size))
      if (read !== "too-long") lines.push(...read)
    }
    expect(lines, `chunks of ${size}`).toStrictEqual(["één", "two"])
  }
})

test("a line that is too long is refused, ended or not", () => {
  expect(new LineReader(4).push(Buffer.from("1234\n"))).toStrictEqual(["1234"])
  expect(new LineReader(4).push(Buffer.from("12345\n"))).toBe("too-long")
  const reader = new LineReader(4)
  expect(reader.push(Buffer.from("123"))).toStrictEqual([])
  expect(reader.push(Buffer.from("45"))).toBe("too-long")
})
