/** The version of this package, as it is told to MCP servers and by `/v1/health`. A test holds it to package.json. */
export const version = "0.0.0"
