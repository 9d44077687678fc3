import dns, { type LookupAddress } from "node:dns"
import { createServer, type RequestListener } from "node:http"
import { syncBuiltinESMExports } from "node:module"
import net, { isIPv6 } from "node:net"
import tls from "node:tls"

/** An address that a socket of this process was about to connect to. */
export interface Dialled {
  readonly address: string
  readonly port: number
}

/**
 * An internet in this process: what Node would ask of the operating system (names to resolve, addresses to connect to)
 * is answered here, in the last step before it leaves JavaScript, so that the whole of what is tested runs as it is and
 * nothing goes anywhere but to one server on loopback.
 */
export interface TestInternet extends AsyncDisposable {
  /** Everything that was dialled since the last `forget`. */
  readonly dialled: ReadonlyArray<Dialled>
  /** The names that were asked for, with what was answered. */
  readonly resolved: ReadonlyArray<readonly [name: string, addresses: ReadonlyArray<string>]>
  /** Gives a name its answers, one for each time that it is asked for; after the last one the first follows. */
  readonly name: (name: string, ...answers: ReadonlyArray<ReadonlyArray<string>>) => void
  readonly forget: () => void
}

/** Encryption is left out: it would take a certificate that the process trusts, and it is not what is tested. */
const connectPlainly = (...args: ReadonlyArray<unknown>) => {
  const socket = Reflect.apply(net.connect, net, args) as net.Socket // it is called as `tls.connect` is, with options
  return socket.once("connect", () => socket.emit("secureConnect"))
}

/**
 * @param isThere whether there is somebody at an address; the others refuse the connection.
 * @param answer is everybody who is there.
 */
export const openInternet = async (
  isThere: (address: string) => boolean,
  answer: RequestListener,
): Promise<TestInternet> => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port: realPort } = server.address() as net.AddressInfo // a server on a port has no other kind
  const dialled: Array<Dialled> = []
  const resolved: Array<readonly [string, ReadonlyArray<string>]> = []
  const names = new Map<string, Array<ReadonlyArray<string>>>()

  const handles = await handlePrototype(realPort)
  const originals = { connect: handles.connect, connect6: handles.connect6 }
  const dial = function (this: unknown, request: unknown, address: string, port: number): unknown {
    dialled.push({ address, port })
    return isThere(address)
      ? Reflect.apply(originals.connect, this, [request, "127.0.0.1", realPort])
      : connectionRefused
  }
  const lookup = (
    name: string,
    _: unknown,
    done: (error: Error | null, all: Array<LookupAddress>) => void,
  ) => {
    const answers = names.get(name.replace(/\.$/, "")) ?? []
    const addresses = answers.shift() ?? []
    answers.push(addresses)
    resolved.push([name, addresses])
    const error = addresses.length === 0 ? Object.assign(new Error("not found"), { code: "ENOTFOUND" }) : null
    setImmediate(() =>
      done(
        error,
        addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 })),
      ),
    )
  }
  const [realLookup, realConnect] = [dns.lookup, tls.connect]
  Object.assign(handles, { connect: dial, connect6: dial })
  Object.assign(dns, { lookup })
  Object.assign(tls, { connect: connectPlainly })
  syncBuiltinESMExports()

  return {
    dialled,
    resolved,
    name: (name, ...answers) => void names.set(name, [...answers]),
    forget: () => {
      dialled.length = 0
      resolved.length = 0
    },
    [Symbol.asyncDispose]: async () => {
      Object.assign(handles, originals)
      Object.assign(dns, { lookup: realLookup })
      Object.assign(tls, { connect: realConnect })
      syncBuiltinESMExports()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** UV_ECONNREFUSED on Linux, as the handles of Node return it. */
const connectionRefused = -111

type Connect = (...args: ReadonlyArray<unknown>) => unknown

/** What all TCP sockets of this process have in common; Node exports it nowhere. */
const handlePrototype = async (port: number): Promise<{ connect: Connect; connect6: Connect }> => {
  const socket = net.connect(port, "127.0.0.1")
  const handle: object = Reflect.get(socket, "_handle")
  const prototype: unknown = Object.getPrototypeOf(handle)
  await new Promise((resolve) => socket.once("close", resolve).destroy())
  if (!isHandlePrototype(prototype)) throw new Error("This version of Node keeps its sockets differently.")
  return prototype
}

const isHandlePrototype = (value: unknown): value is { connect: Connect; connect6: Connect } =>
  typeof value === "object" &&
  value !== null &&
  ["connect", "connect6"].every((name) => typeof Reflect.get(value, name) === "function")
