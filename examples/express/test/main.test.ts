import { exampleCases, exampleDatabases, settingCases, walkCases } from "@mooring/example-host/test"
import { describe } from "vitest"

const main = new URL("../src/main.ts", import.meta.url)
const databases = exampleDatabases()

describe("the example on Express", () => exampleCases(main, databases))

// What the examples share is tested to the end on the one that `start` runs.
describe("settings", () => settingCases(main))
describe("the walk", () => walkCases(main, databases))
