// What the suite starts as its client: an application that has Mooring in it. See EXPECTED.md.
import { readScenario } from "./Scenario.ts"
import { playScenario } from "./playScenario.ts"

try {
  await playScenario(readScenario(process.argv.slice(2), process.env))
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(message.replaceAll(/^/gm, "Client: ") + "\n")
  process.exitCode = 1
}
