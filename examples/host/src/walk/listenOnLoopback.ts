// Preloaded into the walk's MCP servers. By themselves they listen on all interfaces, for whoever is in the same
// network, and at a fixed port: this gives them a free port of the loopback, tells it to the parent, and ends them
// with the parent, however that ends.
import { Server } from "node:net"

const listen = Server.prototype.listen

Server.prototype.listen = function (this: Server) {
  this.once("listening", () => {
    const address = this.address()
    if (typeof address === "object") process.send?.(address?.port)
  })
  return Reflect.apply(listen, this, [0, "127.0.0.1"])
}

process.once("disconnect", () => process.exit())
