import { fork } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { request as httpRequest } from "node:http"
import type { HttpTestServer } from "./HttpTestServer.ts"
import { listen } from "./listen.ts"
import type { NodeHandler } from "./listen.ts"
import { packageCommand } from "./packageCommand.ts"
import { scriptNodeOptions, scriptUrl } from "./scriptCommand.ts"
import type { StdioCommand } from "./StdioCommand.ts"

const packageName = "@modelcontextprotocol/server-everything"

/** How long the server may take until it listens, in milliseconds. */
const startLimit = 30_000

/** The reference server that uses every feature of the protocol: over stdio, the command that starts it. */
export function everythingServer(kind: "stdio"): StdioCommand
/**
 * Over HTTP, the started server, behind a proxy of ours that records the requests. Its process ends with `close`, and
 * with this process.
 *
 * @throws Error when the server has not come up after 30 seconds.
 */
export function everythingServer(kind: "sse" | "streamable_http"): Promise<HttpTestServer>
export function everythingServer(
  kind: "stdio" | "sse" | "streamable_http",
): StdioCommand | Promise<HttpTestServer> {
  switch (kind) {
    case "stdio":
      return packageCommand(packageName, ["stdio"])
    case "sse":
      return startEverything("sse", "/sse")
    case "streamable_http":
      return startEverything("streamableHttp", "/mcp")
  }
}

async function startEverything(transport: "sse" | "streamableHttp", path: string): Promise<HttpTestServer> {
  const [entry = "", ...args] = packageCommand(packageName, [transport]).args
  const child = fork(entry, args, {
    execArgv: [...scriptNodeOptions(), "--import", scriptUrl("loopback").href],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  })
  const port = await listeningPort(child)
  const proxy = await listen(proxyTo(port))
  let closed: Promise<void> | undefined
  const close = () => (closed ??= Promise.all([proxy.close(), kill(child)]).then(() => {}))
  return { url: proxy.origin + path, requests: proxy.requests, close, [Symbol.asyncDispose]: close }
}

/** The port that the preloaded program reports; what the child has to say is kept for the case that it fails. */
async function listeningPort(child: ChildProcess): Promise<number> {
  let stderr = ""
  child.stderr?.on("data", (chunk) => {
    stderr = (stderr + String(chunk)).slice(-10_000)
  })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once("error", reject)
  child.once("exit", (code) => reject(new Error(`${packageName} ended with code ${code}: ${stderr}`)))
  child.once("message", (message) => resolve(Number(message)))
  const timer = setTimeout(() => reject(new Error(`${packageName} did not start: ${stderr}`)), startLimit)
  try {
    return await promise
  } catch (error) {
    await kill(child)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, "exit")
  child.kill("SIGKILL")
  await exited
}

/** Hands requests on and answers back as streams; each end that goes away takes the other with it. */
function proxyTo(port: number): NodeHandler {
  return (request, response, body) => {
    const { url = "/", method = "GET", headers } = request
    const upstream = httpRequest({ host: "127.0.0.1", port, path: url, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      answer.pipe(response)
      answer.once("close", () => {
        if (!answer.complete) response.destroy()
      })
    })
    upstream.on("error", () => response.destroy())
    response.once("close", () => upstream.destroy())
    upstream.end(body)
  }
}
