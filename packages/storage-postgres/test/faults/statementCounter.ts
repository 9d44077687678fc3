import { Buffer } from "node:buffer"

// Message types that a client sends: https://www.postgresql.org/docs/current/protocol-message-formats.html
const bind = "B".charCodeAt(0)
const execute = "E".charCodeAt(0)
const simpleQuery = "Q".charCodeAt(0)

/**
 * Reads what a client sends on one connection, and calls `counted` for each statement that is to be executed. The probes
 * of a listener don't count: they come by the clock.
 */
export const statementCounter = (counted: () => void): ((chunk: Buffer) => void) => {
  let rest = Buffer.alloc(0)
  // The first message has no type.
  let typeLength = 0
  let bound = Buffer.alloc(0)

  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= typeLength + 4) {
      const end = typeLength + rest.readInt32BE(typeLength)
      if (rest.length < end) return
      const type = typeLength === 0 ? 0 : rest.readUInt8(0)
      if (type === bind) bound = Buffer.from(rest.subarray(0, end))
      if (type === simpleQuery || (type === execute && !bound.includes('"type":"probe"'))) counted()
      rest = rest.subarray(end)
      typeLength = 1
    }
  }
}
