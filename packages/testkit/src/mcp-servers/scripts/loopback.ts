// Preloaded into a server that would listen on all interfaces at a fixed port: it gets a free port of 127.0.0.1
// instead, tells the port to its parent, and ends with it, however the parent ends.
import { Server } from "node:net"

const listen = Server.prototype.listen

Server.prototype.listen = function (this: Server, ...args: ReadonlyArray<unknown>) {
  this.once("listening", () => {
    const address = this.address()
    if (address !== null && typeof address === "object") process.send?.(address.port)
  })
  const callback = args.findLast((arg): arg is () => void => typeof arg === "function")
  return Reflect.apply(listen, this, [{ port: 0, host: "127.0.0.1" }, callback])
}

process.once("disconnect", () => process.exit())
