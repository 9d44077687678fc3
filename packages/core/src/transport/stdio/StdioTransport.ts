import { type ChildProcess, spawn } from "node:child_process"
import type { Readable, Writable } from "node:stream"
import {
  type JSONRPCMessage,
  SdkError,
  SdkErrorCode,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client"
import type { StdioConfig } from "../../servers/ServerConfig.ts"
import { childEnvironment } from "./childEnvironment.ts"
import { isMessage } from "../isMessage.ts"
import { MessageRate } from "../MessageRate.ts"
import { LineReader } from "./LineReader.ts"
import { adoptGroup, releaseGroup } from "./orphanReaper.ts"
import { PacedLines } from "./PacedLines.ts"
import { destroyStreams, killProcessGroup, signalProcessGroup } from "./processGroup.ts"
import { StderrTail } from "./StderrTail.ts"

/** How long the pipes of a command that has exited are still read. */
const drainMs = 100

export interface StdioLimits {
  /** For one message, and for what waits to be read by the command. */
  readonly stdioMessageBytes: number
  readonly stderrBytes: number
  /** What a command may send beside the answers to what it was sent. */
  readonly serverMessagesPerSecond: number
}

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
  readonly #limits: StdioLimits
  readonly #stderr: StderrTail
  readonly #lines: LineReader
  readonly #rate: MessageRate
  readonly #paced: PacedLines
  #child: ChildProcess | undefined
  /** How it came to an end, for messages. */
  #ending: string | undefined
  #ended = false
  #outputEnded = false
  #closeAnnounced = false
  #closing: Promise<void> | undefined

  constructor(config: StdioConfig, limits: StdioLimits) {
    this.#config = config
    this.#limits = limits
    this.#stderr = new StderrTail(limits.stderrBytes, Object.values(config.env ?? {}))
    this.#lines = new LineReader(limits.stdioMessageBytes)
    this.#rate = new MessageRate(limits.serverMessagesPerSecond, 2 * limits.serverMessagesPerSecond)
    this.#paced = new PacedLines(this.#rate, (line) => this.#receive(line))
  }

  /** How the command ended and what it last wrote to its standard error, secrets of its environment blotted out. */
  diagnostics(): string | undefined {
    const parts = [this.#ending, this.#stderr.text()].filter((part) => part !== undefined && part !== "")
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
    if (child.pid !== undefined) adoptGroup(child.pid)
    return new Promise((resolve, reject) => {
      // First of all: without file descriptors left, `spawn` returns a child without streams and then emits this.
      child.once("error", (error) => {
        reject(error)
        this.onerror?.(error)
        this.#end()
      })
      child.once("spawn", resolve)
      child.once("exit", (code, signal) => {
        this.#ending ??= signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`
        // Its last words may still be on their way, but a grandchild may hold the pipes for ever.
        setTimeout(() => this.#end(), drainMs).unref()
      })
      child.once("close", () => this.#end())
      const { stdout } = child
      stdout?.on("data", (chunk: Buffer) => this.#read(chunk, stdout))
      // Nothing more can come from it, although it may go on running. How it ended is worth a moment's patience.
      child.stdout?.once("end", () => {
        this.#outputEnded = true
        setTimeout(() => {
          this.#announceClose()
          void this.close()
        }, drainMs).unref()
      })
      child.stderr?.on("data", (chunk: Buffer) => this.#stderr.write(chunk))
      // A child that has gone makes writing fail; how it ended tells the story better.
      child.stdin?.on("error", () => {})
    })
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    const hasEnded = this.#ending !== undefined || this.#outputEnded
    if (hasEnded || stdin === undefined || stdin === null || !stdin.writable) {
      return Promise.reject(notRunning())
    }
    if (stdin.writableLength > this.#limits.stdioMessageBytes) {
      this.#endWith("it reads nothing of what is sent to it")
      return Promise.reject(
        new SdkError(SdkErrorCode.NotConnected, "The command does not read its standard input."),
      )
    }
    this.#rate.give()
    gatherWrites(stdin)
    return new Promise((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => {
        if (!error) return resolve()
        // Nobody is left to read the end of the message, without which it is none.
        const isGone = "code" in error && error.code === "EPIPE"
        reject(isGone ? notRunning() : error)
      })
    })
  }

  close(): Promise<void> {
    const child = this.#child
    this.#closing ??= (child === undefined ? Promise.resolve() : killProcessGroup(child)).then(() =>
      this.#end(),
    )
    return this.#closing
  }

  /** Once, however it came to an end: what it had started goes with it, and the session learns of it. */
  #end(): void {
    const child = this.#child
    if (this.#ended || child === undefined) return
    this.#ended = true
    signalProcessGroup(child, "SIGKILL")
    if (child.pid !== undefined) releaseGroup(child.pid)
    destroyStreams(child)
    this.#announceClose()
  }

  #announceClose(): void {
    if (this.#closeAnnounced) return
    this.#closeAnnounced = true
    this.onclose?.()
  }

  #endWith(reason: string): void {
    this.#ending ??= reason
    this.onerror?.(new Error(`The command was ended: ${reason}.`))
    this.#announceClose()
    void this.close()
  }

  #read(chunk: Buffer, stdout: Readable): void {
    const lines = this.#lines.push(chunk)
    if (lines === "too-long") {
      this.#endWith("it sent a message longer than the option limits.stdioMessageBytes")
      return
    }
    this.#paced.push(lines, stdout)
  }

  #receive(line: string): void {
    let message: JSONRPCMessage
    try {
      message = parseMessage(line)
    } catch (error) {
      // Not a message of MCP: a program that prints its greetings to the wrong stream still works.
      this.onerror?.(error instanceof Error ? error : new Error("Not a message of MCP"))
      return
    }
    this.onmessage?.(message)
  }
}

const notRunning = () => new SdkError(SdkErrorCode.NotConnected, "The command is not running.")

/** Calls that are made together go out together: what takes longest of a small one is the system's part of a write. */
const gatherWrites = (stdin: Writable): void => {
  if (stdin.writableCorked > 0) return
  stdin.cork()
  process.nextTick(() => stdin.uncork())
}

const parseMessage = (line: string): JSONRPCMessage => {
  const message: unknown = JSON.parse(line)
  if (!isMessage(message)) throw new Error("Not a message of MCP")
  return message
}
