import { defaultDatabase, exampleCases } from "@mooring/example-host/test"
import { describe } from "vitest"

describe("the example on Koa", () =>
  exampleCases(new URL("../src/main.ts", import.meta.url), [defaultDatabase]))
