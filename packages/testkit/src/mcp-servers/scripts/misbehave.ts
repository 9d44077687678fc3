// The process behind `misbehavingCommand`. Its arguments are the kind and the options.
import { spawn } from "node:child_process"
import { closeSync, renameSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { serveStdioPeer } from "./stdioPeer.ts"

/** Milliseconds after which a process that nothing else ends gives up, so that a failed test leaves none behind. */
const lifetime = 120_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "pid-file": { type: "string" }, "delay-ms": { type: "string", default: "1000" } },
})
const [kind] = positionals

if (kind !== "leaves_grandchild" && kind !== "exits_in_tool_call_with_grandchild") writePid(process.pid)

switch (kind) {
  case "exits_at_once":
    process.stderr.write("The server cannot start: no configuration found\n")
    process.exit(3)
    break
  case "garbage_before_json_rpc":
    writeGarbage()
    serveStdioPeer()
    break
  case "garbage_for_json_rpc":
    serveStdioPeer({ answer: writeGarbage })
    break
  case "never_answers":
    process.stdin.resume()
    break
  case "ignores_termination":
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => {})
    process.stdin.once("end", () => process.stderr.write("The server stays\n"))
    setTimeout(() => process.exit(), lifetime)
    serveStdioPeer()
    break
  case "leaves_grandchild":
    leaveGrandchild()
    serveStdioPeer()
    break
  case "crashes_in_tool_call":
    serveStdioPeer({
      onToolCall: () => {
        throw new Error("The server crashed in a tool call")
      },
    })
    break
  case "closes_stdout_in_tool_call":
    // It lives on, and nobody will hear of it.
    serveStdioPeer({ onToolCall: () => closeSync(1) })
    setTimeout(() => process.exit(), lifetime)
    break
  case "exits_in_tool_call_with_grandchild":
    leaveGrandchild()
    serveStdioPeer({ onToolCall: () => process.exit(4) })
    break
  case "floods_stderr":
    floodStderr()
    serveStdioPeer()
    break
  case "floods_stdout":
    floodStdout()
    serveStdioPeer()
    break
  case "answers_slowly":
    serveStdioPeer({ delay: Number(values["delay-ms"]) })
    break
  default:
    throw new Error(`Unknown kind: ${String(kind)}`)
}

function writePid(pid: number | undefined): void {
  const file = values["pid-file"]
  if (file === undefined) return
  // It is waited for, and read as soon as it is there: then it has to be complete.
  writeFileSync(`${file}.part`, String(pid))
  renameSync(`${file}.part`, file)
}

/** What launchers and careless servers print where JSON-RPC is due. */
function writeGarbage(): void {
  process.stdout.write('> server@1.0.0 start\n\nListening…\n{"level":"info"}\n{"jsonrpc":"2.0","id":\n')
}

/** As a launcher like `npx` has one: of the same process group, and it holds our pipes open. */
function leaveGrandchild(): void {
  const grandchild = spawn(process.execPath, ["-e", `setTimeout(() => {}, ${lifetime})`], {
    stdio: ["ignore", "inherit", "inherit"],
  })
  // Else we would wait for it.
  grandchild.unref()
  writePid(grandchild.pid)
}

/** A first mebibyte that blocks us until somebody reads it, for a pipe's writes are synchronous, and more for ever. */
function floodStderr(): void {
  const line = `${"A line of the log. ".repeat(50)}\n`
  const flood = (bytes: number) => {
    for (let written = 0; written < bytes; written += line.length) process.stderr.write(line)
  }
  flood(2 ** 20)
  setInterval(() => flood(2 ** 16), 10).unref()
}

/** As fast as it is read, and in between it works. */
function floodStdout(): void {
  const lines = [
    '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}',
    '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"Still here"}}',
    '{"jsonrpc":"2.0","id":"ping","method":"ping"}',
    '{"jsonrpc":"2.0","id":987654321,"result":{}}',
    "Still here",
  ]
  const text = `${lines.join("\n")}\n`.repeat(20)
  const flood = () => process.stdout.write(text, () => setImmediate(flood))
  process.stdin.once("data", flood)
}
