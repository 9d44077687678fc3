import { type ChildProcess, spawn } from "node:child_process"
import {
  deserializeMessage,
  type JSONRPCMessage,
  SdkError,
  SdkErrorCode,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client"
import type { StdioConfig } from "../../servers/ServerConfig.ts"
import { childEnvironment } from "./childEnvironment.ts"
import { LineReader } from "./LineReader.ts"
import { killProcessGroup, signalProcessGroup } from "./processGroup.ts"
import { StderrTail } from "./StderrTail.ts"

/**
 * Speaks MCP with a command over its standard streams (MCP 2025-11-25, basic/transports, stdio).
 *
 * It stands in for the client package's own transport, which leaves grandchildren alive, lets a child block on an
 * unread standard error, and waits forever for a drain that a dead child never gives.
 */
export class StdioTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void

  readonly #config: StdioConfig
  readonly #stderr: StderrTail
  readonly #lines: LineReader
  #child: ChildProcess | undefined
  #exit: string | undefined
  #closing: Promise<void> | undefined

  constructor(
    config: StdioConfig,
    limits: { readonly stdioMessageBytes: number; readonly stderrBytes: number },
  ) {
    this.#config = config
    this.#stderr = new StderrTail(limits.stderrBytes, Object.values(config.env ?? {}))
    this.#lines = new LineReader(limits.stdioMessageBytes)
  }

  /** How the command ended and what it last wrote to its standard error, secrets of its environment blotted out. */
  diagnostics(): string | undefined {
    const parts = [this.#exit, this.#stderr.text()].filter((part) => part !== undefined && part !== "")
    return parts.length === 0 ? undefined : parts.join(": ")
  }

  start(): Promise<void> {
    if (this.#child !== undefined)
      return Promise.reject(new Error("This stdio transport was started already."))
    // A group of its own (detached: setsid) lets us end the command together with all that it started.
    const child = spawn(this.#config.command, [...this.#config.args], {
      env: childEnvironment(this.#config.env),
      stdio: ["pipe", "pipe", "pipe"],
      shell: false,
      detached: process.platform !== "win32",
      windowsHide: true,
    })
    this.#child = child
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk))
    child.stderr.on("data", (chunk: Buffer) => this.#stderr.write(chunk))
    // A child that has gone makes writing fail; its exit tells the story better.
    child.stdin.on("error", () => {})
    return new Promise((resolve, reject) => {
      child.once("spawn", resolve)
      child.once("error", (error) => {
        reject(error)
        this.onerror?.(error)
      })
      child.once("exit", (code, signal) => {
        this.#exit = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`
      })
      child.once("close", () => {
        // What it had started must not outlive it, even when it ended by itself.
        signalProcessGroup(child, "SIGKILL")
        this.onclose?.()
      })
    })
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    if (stdin === undefined || stdin === null || stdin.destroyed) {
      return Promise.reject(new SdkError(SdkErrorCode.NotConnected, "The command is not running."))
    }
    return new Promise((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()))
    })
  }

  close(): Promise<void> {
    const child = this.#child
    this.#closing ??= child === undefined ? Promise.resolve() : killProcessGroup(child)
    return this.#closing
  }

  #read(chunk: Buffer): void {
    const lines = this.#lines.push(chunk)
    if (lines === "too-long") {
      this.onerror?.(new Error("The command sent a message longer than the option limits.stdioMessageBytes."))
      void this.close()
      return
    }
    for (const line of lines) {
      let message: JSONRPCMessage
      try {
        message = deserializeMessage(line)
      } catch (error) {
        // Not a message of MCP: a program that prints its greetings to the wrong stream still works.
        this.onerror?.(error instanceof Error ? error : new Error("Not a message of MCP"))
        continue
      }
      this.onmessage?.(message)
    }
  }
}
