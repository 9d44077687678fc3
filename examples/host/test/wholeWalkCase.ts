import { expect, test } from "vitest"
import { startExample } from "./ExampleProcess.ts"

/** How an example goes through what Mooring is for: three MCP servers that are open, and one behind a sign-in. */
export const wholeWalkCase = (main: URL): void => {
  test("the walk in CI ends with code 0 and leaves no process behind", async () => {
    await using example = startExample(main, { CI: "true" })
    expect(await example.exited).toBe(0)
    const output = example.lines.join("\n")
    expect(example.lines[0]).toMatch(/^listening on /)
    expect(example.lines.at(-1)).toMatch(/^✓ All 22 steps went as expected, in [\d.]+ s\.$/)
    expect(output).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+\/console\/ in a browser/m)
    expect(output).not.toContain("✗")
    for (const shown of [
      "everything-stdio",
      "everything-sse",
      "everything-http",
      '"func_return": "Echo: Ahoy by streamable HTTP"',
      '{"type": "image"',
      '{"type": "resource"',
      '"structured_content": {"temperature": 36',
      '{"status": "error", "func_return": "MCP error',
      "protected-http",
      '{"status": "success", "func_return": "demo-user"}',
    ]) {
      expect(output).toContain(shown)
    }
    expect([...output.matchAll(/^ {4}event +(\w+)/gm)].map(([, event]) => event)).toStrictEqual([
      "connection_attempt",
      "oauth_required",
      "authorization_url",
      "waiting_for_auth",
      "success",
    ])
    const started = [...output.matchAll(/(?:✓|authorization_url) +(http:\/\/127\.0\.0\.1:\d+)/g)]
    expect(started).toHaveLength(4)
    for (const [, origin] of started) {
      await expect(fetch(String(origin))).rejects.toThrow("fetch failed")
    }
    expect(example.stderr()).toBe("")
  })
}
