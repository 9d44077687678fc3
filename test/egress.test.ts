import { execFile } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname } from "node:path"
import { promisify } from "node:util"
import { expect, onTestFinished, test } from "vitest"

// Lint is what keeps every other part of core from reaching a network by itself: does it see how one would try?

const root = new URL("../", import.meta.url).pathname

/** Ways to a network, or to a process, that lint must see wherever they are not allowed. */
const network = [
  'import { request } from "undici"',
  'import undici from "undici/index.js"',
  'import * as http from "node:http"',
  'import http from "http"',
  'import { request } from "node:https"',
  'import { connect } from "node:http2"',
  'import { connect } from "node:net"',
  'import { connect } from "net"',
  'import { connect } from "node:tls"',
  'import { lookup } from "node:dns"',
  'import { lookup } from "node:dns/promises"',
  'import { createSocket } from "node:dgram"',
  'export { request } from "node:http"',
  'import { createRemoteJWKSet } from "jose/jwks/remote"',
  'await import("node:http")',
]
const commands = ['import { spawn } from "node:child_process"', 'import { fork } from "child_process"']
const everywhere = [
  'void fetch("https://example.com/")',
  'void globalThis.fetch("https://example.com/")',
  "const get = fetch\nvoid get",
  'void new WebSocket("wss://example.com/")',
  'process.getBuiltinModule("node:http")',
  'require("node:http")',
]
const ownFetch = [
  'import * as FetchHttpClient from "effect/http/FetchHttpClient"',
  'import { auth } from "@modelcontextprotocol/client"',
]
const transports = ['import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client"']

const forbidden: Readonly<Record<string, ReadonlyArray<string>>> = {
  servers: [...network, ...commands, ...everywhere, ...ownFetch, ...transports],
  oauth: [...network, ...commands, ...everywhere, ...ownFetch, ...transports],
  http: [...network, ...commands, ...everywhere, ...ownFetch, ...transports],
  transport: [...network, ...commands, ...everywhere],
  "transport/stdio": [...network, ...everywhere, ...ownFetch, ...transports],
  "security/egress": [...commands, ...everywhere, ...ownFetch, ...transports],
}
const allowed: Readonly<Record<string, ReadonlyArray<string>>> = {
  transport: transports,
  "transport/stdio": commands.slice(0, 1),
  "security/egress": ['import { Agent } from "undici"', 'import { lookup } from "node:dns"'],
  servers: [
    'import { ok } from "./http.ts"',
    'import { exchangeAuthorization } from "@modelcontextprotocol/client"',
  ],
}

test("no part of core but the guarded fetch may reach a network, and none but stdio may start a command", async () => {
  const folder = mkdtempSync(`${tmpdir()}/mooring-lint-`)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  copyFileSync(`${root}.oxlintrc.json`, `${folder}/.oxlintrc.json`)
  const write = (kind: string, cases: Readonly<Record<string, ReadonlyArray<string>>>) =>
    Object.entries(cases).flatMap(([part, lines]) =>
      lines.map((line, index) => {
        const path = `packages/core/src/${part}/${kind}${index}.ts`
        mkdirSync(dirname(`${folder}/${path}`), { recursive: true })
        writeFileSync(`${folder}/${path}`, `${line}\n`)
        return { path, line }
      }),
    )
  const bad = write("bad", forbidden)
  const good = write("good", allowed)

  const lint = promisify(execFile)(`${root}node_modules/.bin/oxlint`, ["--format", "json", "packages"], {
    cwd: folder,
  })
  const output: string = await lint.then(
    ({ stdout }) => stdout,
    // It ends with 1 where it has found something.
    (error: { readonly stdout: string }) => error.stdout,
  )
  const { diagnostics }: Report = JSON.parse(output)
  const found = new Set(
    diagnostics
      .filter(({ code }) => /no-restricted|no-require-imports/.test(code))
      .map(({ filename }) => filename),
  )
  const missed = bad.filter(({ path }) => !found.has(path)).map(({ line, path }) => `${path}: ${line}`)
  expect(missed).toStrictEqual([])
  expect(good.filter(({ path }) => found.has(path))).toStrictEqual([])
})

interface Report {
  readonly diagnostics: ReadonlyArray<{ readonly code: string; readonly filename: string }>
}
