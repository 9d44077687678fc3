import { answerMessage } from "./answerMessage.ts"

// An MCP server by stdio that does next to nothing: a command that the benches have started.

let rest = ""
process.stdin.setEncoding("utf8")
process.stdin.on("data", (chunk: string) => {
  const lines = (rest + chunk).split("\n")
  rest = lines.pop() ?? ""
  const answers = lines.flatMap((line) => (line === "" ? [] : (answerMessage(line, "legacy") ?? [])))
  // In one write: what came together is answered together.
  if (answers.length > 0) process.stdout.write(`${answers.join("\n")}\n`)
})
process.stdin.once("end", () => process.exit(0))
