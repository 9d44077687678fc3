#!/usr/bin/env node
import { runCommandLine } from "./runCommandLine.ts"
import { hideExperiments, write } from "./terminal.ts"

hideExperiments()
const { exitCode, stderr = "", stdout = "" } = await runCommandLine(process.argv.slice(2), process.env)
await write(process.stdout, stdout)
await write(process.stderr, stderr)
// Not by itself: a name that is still being looked up would hold the process for half a minute.
process.exit(exitCode)
