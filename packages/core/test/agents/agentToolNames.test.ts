import { describe, expect, test } from "vitest"
import { assignNames, planNames, type ToolOrigin } from "../../src/agents/agentToolNames.ts"

const digestOf = ({ serverName, toolName }: ToolOrigin) =>
  Buffer.from(`${toolName.length}${toolName.slice(-40)}${serverName.slice(-40)}`)
    .toString("hex")
    .padStart(64, "0")
const namesOf = (origins: ReadonlyArray<ToolOrigin>, digest: (origin: ToolOrigin) => string = digestOf) => {
  const plan = planNames(origins)
  return assignNames(
    plan,
    plan.map(({ needsDigest }, index) => {
      const origin = origins[index]
      return needsDigest && origin !== undefined ? digest(origin) : undefined
    }),
  )
}
const of = (serverName: string, toolName: string): ToolOrigin => ({ serverName, toolName })

describe("the names of tools for models", () => {
  test("are those of the server and the tool", () => {
    expect(namesOf([of("github", "create_issue"), of("files", "read-file")])).toStrictEqual([
      "github__create_issue",
      "files__read-file",
    ])
  })

  test("fit every provider, whatever the tool is called", () => {
    const odd = [
      "",
      " ",
      "日本語",
      "a/b\u0000c",
      "x".repeat(1_000),
      "__proto__",
      "constructor",
      "💥",
      "\ud800",
      "../..",
      "1",
    ]
    const origins = odd.flatMap((serverName) => odd.map((toolName) => of(serverName, toolName)))
    const names = namesOf(origins, (origin) => digestOf(origin).split("").toReversed().join(""))
    for (const name of names) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/)
    expect(new Set(names).size).toBe(origins.length)
  })

  test("keep something of both where they are shortened", () => {
    const [name] = namesOf([
      of("the-server-of-everything-that-there-is", "read_the_file_that_has_this_name_and_no_other"),
    ])
    expect(name).toMatch(/^the-server-of-everyt__read_the_file_that_has_this_name__[0-9a-f]{8}$/)
    expect(name).toHaveLength(64)
  })

  test("do not depend on the order of the servers, nor on who was there first", () => {
    const origins = [of("a.b", "c"), of("a_b", "c"), of("a", "b__c"), of("a__b", "c"), of("plain", "c")]
    const digest = ({ serverName, toolName }: ToolOrigin) =>
      Buffer.from(`${serverName}|${toolName}`).toString("hex").padEnd(64, "0")
    const names = namesOf(origins, digest)
    expect(namesOf(origins.toReversed(), digest)).toStrictEqual(names.toReversed())
    expect(names[4]).toBe("plain__c")
    expect(new Set(names).size).toBe(5)
  })

  test("are told apart even where digests begin alike, or look like another's name", () => {
    const same = (tail: string) => `${"a".repeat(8)}${tail.padStart(56, "0")}`
    const names = namesOf([of("s", "x.y"), of("s", "x_y"), of("s", "x_y_aaaaaaaa")], ({ toolName }) =>
      same(toolName === "x.y" ? "11111111".padEnd(56, "0") : "2".repeat(56)),
    )
    expect(new Set(names).size).toBe(3)
    expect(names[2]).toBe("s__x_y_aaaaaaaa")
    expect(names[0]).toMatch(/^s__x_y_a{8}1/)
  })

  test("and where nothing tells them apart, there is no name", () => {
    expect(namesOf([of("s", "x.y"), of("s", "x_y")], () => "a".repeat(64))).toStrictEqual([
      "s__x_y_aaaaaaaa",
      "s__x_y_aaaaaaaaaaaaaaaa",
    ])
    expect(
      namesOf(
        ["x.y", "x_y", "x y", "x!y", "x?y"].map((name) => of("s", name)),
        () => "a".repeat(64),
      ).at(-1),
    ).toBe(undefined)
  })
})
