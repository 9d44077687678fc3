import { spawn } from "node:child_process"
import { Agent, request } from "undici"
import { echoArguments, type McpTarget, stdioCommand } from "../mcp/McpTarget.ts"
import type { OpenCaller } from "./Caller.ts"

/** The same bytes without anybody who understands them: nothing can be faster. */
export const openCaller: OpenCaller = async (target) =>
  target.kind === "stdio" ? barePipe() : bareRequest(target)

const message = (id: number) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":${JSON.stringify(echoArguments)}}}`

const check = (answer: string) => {
  if (!answer.includes(`"text":"${echoArguments.text}"`)) throw new Error("The answer is wrong")
}

const bareRequest = ({ kind, url }: McpTarget) => {
  const dispatcher = new Agent()
  const headers = {
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "mcp-protocol-version": kind === "modern" ? "2026-07-28" : "2025-11-25",
  }
  return async () => {
    const { body } = await request(url, { method: "POST", dispatcher, headers, body: message(1) })
    check(await body.text())
  }
}

const barePipe = () => {
  const child = spawn(stdioCommand.command, stdioCommand.args, { stdio: ["pipe", "pipe", "inherit"] })
  // Answers come in the order of the questions.
  const waiting: Array<(answer: string) => void> = []
  let rest = ""
  child.stdout.setEncoding("utf8")
  child.stdout.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) waiting.shift()?.(line)
  })
  let id = 0
  return async () => {
    const answer = new Promise<string>((resolve) => waiting.push(resolve))
    child.stdin.write(`${message(id++)}\n`)
    check(await answer)
  }
}
