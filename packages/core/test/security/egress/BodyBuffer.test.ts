import { Buffer } from "node:buffer"
import { expect, test } from "vitest"
import { BodyBuffer } from "../../../src/security/egress/BodyBuffer.ts"

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte)

test.each<[string, ReadonlyArray<number>]>([
  ["nothing", []],
  ["one small chunk", [5]],
  ["one large chunk", [100_000]],
  ["byte by byte", Array.from({ length: 70_000 }, () => 1)],
  ["small and large ones in turn", Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? 40_000 : 7))],
  ["empty ones between", [0, 3, 0, 40_000, 0, 0, 2]],
  ["growing ones", Array.from({ length: 400 }, (_, at) => at * 97)],
])("%s: the bytes come as they went, and once more with what follows", (_, lengths) => {
  const chunks = lengths.map((length, at) => filled(length, at))
  const buffer = new BodyBuffer(2 ** 24)
  for (const chunk of chunks) expect(buffer.append(chunk)).toBe(true)
  expect(Buffer.compare(buffer.bytes, Buffer.concat(chunks))).toBe(0)
  expect(buffer.append(filled(9, 9))).toBe(true)
  expect(Buffer.compare(buffer.bytes, Buffer.concat([...chunks, filled(9, 9)]))).toBe(0)
})

test("a chunk that is too much is not added", () => {
  const buffer = new BodyBuffer(100_000)
  expect(buffer.append(filled(60_000, 1))).toBe(true)
  expect(buffer.append(filled(40_001, 2))).toBe(false)
  expect(buffer.append(filled(40_000, 3))).toBe(true)
  expect(buffer.append(filled(1, 4))).toBe(false)
  expect(buffer.bytes.length).toBe(100_000)
})
