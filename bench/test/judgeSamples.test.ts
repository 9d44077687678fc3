import { expect, test } from "vitest"
import { judgeSamples } from "../src/soak/judgeSamples.ts"
import type { SoakSample } from "../src/soak/SoakSample.ts"

const samples = (at: (minute: number) => Partial<SoakSample>): ReadonlyArray<SoakSample> =>
  Array.from({ length: 40 }, (_, minutes) => ({
    minutes,
    heap: 80,
    resident: 300,
    resources: 3,
    files: 20,
    children: 1,
    ...at(minutes),
  }))

const growing = (at: (minute: number) => Partial<SoakSample>) =>
  judgeSamples(samples(at)).flatMap(({ isFlat, what }) => (isFlat ? [] : [what]))

test("what stays where it is is flat, whatever single samples and the first minutes show", () => {
  expect(
    growing((minute) => ({
      heap: minute < 5 ? 60 + minute * 4 : 80 + (minute % 7 === 0 ? 30 : 0),
      resources: 3 + (minute % 2),
      resident: 300 + minute,
    })),
  ).toStrictEqual([])
})

test("what grows a little all the time is not", () => {
  expect(growing((minute) => ({ heap: 80 + minute * 0.2 }))).toStrictEqual(["heap (MiB)"])
  expect(growing((minute) => ({ resources: 3 + Math.floor(minute / 8) }))).toStrictEqual(["active resources"])
  expect(growing((minute) => ({ files: 20 + Math.floor(minute / 8) }))).toStrictEqual(["open files"])
  expect(growing((minute) => ({ children: Math.floor(minute / 8) }))).toStrictEqual(["children"])
})
