import { chromiumIsOptional, findChromium, startChromium } from "@mooring/test-browser"
import { dirname } from "node:path"
import { afterEach, expect, test, vi } from "vitest"

const nowhere = "/nonexistent/chromium"

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test("CHROMIUM_PATH names the only place where it is looked for", () => {
  expect(findChromium({ CHROMIUM_PATH: process.execPath, PATH: "" })).toBe(process.execPath)
  expect(findChromium({ ...process.env, CHROMIUM_PATH: nowhere })).toBeUndefined()
  // A folder can be executable too.
  expect(findChromium({ CHROMIUM_PATH: dirname(process.execPath) })).toBeUndefined()
})

test("without it, tests are skipped with one line on stderr", () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true)
  expect(chromiumIsOptional({ CHROMIUM_PATH: nowhere })).toBe(true)
  expect(write.mock.calls).toStrictEqual([[expect.stringMatching(/^!!! .*apt-get install chromium.*\n$/)]])
})

test("without it in CI, tests run, and fail with what to do", async () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true)
  expect(chromiumIsOptional({ CHROMIUM_PATH: nowhere, CI: "true" })).toBe(false)
  expect(write).not.toHaveBeenCalled()
  vi.stubEnv("CHROMIUM_PATH", nowhere)
  await expect(startChromium()).rejects.toThrow("apt-get install chromium")
})
