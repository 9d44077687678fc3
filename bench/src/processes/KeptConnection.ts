import { once } from "node:events"
import { connect, type Socket } from "node:net"

const headEnd = Buffer.from("\r\n\r\n")

/** What came back: the status and the body as text. */
export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/**
 * A connection that is kept, for one request after the other. It understands of HTTP what the servers of the benches
 * answer with, a status and a length, so that the load takes little of the machine that they need themselves.
 */
export class KeptConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: PromiseWithResolvers<HttpAnswer> | undefined

  static async open(port: number): Promise<KeptConnection> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true })
    await once(socket, "connect")
    return new KeptConnection(socket)
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on("data", (chunk: Buffer) => this.#read(chunk))
    socket.on("error", (error) => this.#waiting?.reject(error))
    socket.on("close", () => this.#waiting?.reject(new Error("The server closed the connection")))
  }

  /** Sends what {@link requestBytes} made. */
  send(request: Buffer): Promise<HttpAnswer> {
    this.#waiting = Promise.withResolvers<HttpAnswer>()
    this.#socket.write(request)
    return this.#waiting.promise
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const bodyStart = this.#received.indexOf(headEnd) + headEnd.length
    if (bodyStart < headEnd.length) return
    const head = this.#received.toString("latin1", 0, bodyStart)
    const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(head) ?? []
    if (length === undefined) {
      this.#waiting?.reject(new Error(`An answer without its length:\n${head}`))
      return
    }
    const end = bodyStart + Number(length)
    if (this.#received.length < end) return
    const body = this.#received.toString("utf8", bodyStart, end)
    this.#received = this.#received.subarray(end)
    this.#waiting?.resolve({ status: Number(head.slice(9, 12)), body })
  }
}

/** A request as it goes on the wire. */
export const requestBytes = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Buffer => {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === "" ? [] : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]),
  ]
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`)
}
