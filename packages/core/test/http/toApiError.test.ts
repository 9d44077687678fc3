import { expect, it } from "vitest"
import { errorCode, type ServiceError } from "../../src/connect/errorCode.ts"
import { TooManyConnects } from "../../src/connect/TooManyConnects.ts"
import { errorStatuses } from "../../src/errorStatuses.ts"
import * as ApiErrors from "../../src/http/ApiErrors.ts"
import { toApiError } from "../../src/http/toApiError.ts"
import { AuthorizationFailed, authorizationFailureCodes } from "../../src/oauth/AuthorizationFailed.ts"
import { RateLimited } from "../../src/rateLimits/RateLimited.ts"
import { HeaderInvalid } from "../../src/security/checkHeaders.ts"
import { NetworkForbidden } from "../../src/security/egress/NetworkForbidden.ts"
import { StdioForbidden } from "../../src/security/StdioPolicy.ts"
import { VariableMissing } from "../../src/servers/fillVariables.ts"
import { InvalidServerConfig } from "../../src/servers/InvalidServerConfig.ts"
import { McpServerNameTaken } from "../../src/servers/McpServerNameTaken.ts"
import { McpServerNotFound } from "../../src/servers/McpServerNotFound.ts"
import {
  AuthorizationRequired,
  McpServerFailing,
  McpServerTimeout,
  McpServerUnreachable,
  TooManySessions,
} from "../../src/sessions/ConnectError.ts"
import { StoreError } from "../../src/storage/StoreError.ts"
import { McpServerChanged } from "../../src/tools/McpServerChanged.ts"
import { McpToolChanged } from "../../src/tools/McpToolChanged.ts"
import { McpToolNeedsApproval } from "../../src/tools/McpToolNeedsApproval.ts"
import { McpToolNotFound } from "../../src/tools/McpToolNotFound.ts"

const serverName = "server"

const errors: Readonly<Record<ServiceError["_tag"], ReadonlyArray<ServiceError>>> = {
  AuthorizationFailed: authorizationFailureCodes.map(
    (code) => new AuthorizationFailed({ code, problem: "It failed." }),
  ),
  AuthorizationRequired: [new AuthorizationRequired({ serverName, challenge: null })],
  HeaderInvalid: [new HeaderInvalid({ field: "custom_headers", header: "x", problem: "is wrong" })],
  InvalidServerConfig: [new InvalidServerConfig({ field: "oauth.issuer", problem: "is missing" })],
  McpServerChanged: [new McpServerChanged({ id: "1" })],
  McpServerFailing: [new McpServerFailing({ serverName, since: 0, nextTryAt: undefined, reason: "gone" })],
  McpServerNameTaken: [new McpServerNameTaken({ name: "server" })],
  McpServerNotFound: [new McpServerNotFound({ id: "1" })],
  McpServerTimeout: [new McpServerTimeout({ serverName, step: "list", millis: 1, diagnostics: undefined })],
  McpServerUnreachable: [new McpServerUnreachable({ serverName, problem: "gone" })],
  McpToolChanged: [new McpToolChanged({ name: "tool" })],
  McpToolNeedsApproval: [new McpToolNeedsApproval({ name: "tool" })],
  McpToolNotFound: [new McpToolNotFound({ id: "1" })],
  NetworkForbidden: [new NetworkForbidden({ host: "10.0.0.1", rule: "address" })],
  RateLimited: [
    new RateLimited({ kind: "runs", whose: "user", limit: 1, windowMs: 1_000, retryAfterMs: 1.5 }),
  ],
  StdioForbidden: [
    new StdioForbidden({ code: "stdio_disabled" }),
    new StdioForbidden({ code: "stdio_forbidden" }),
  ],
  StoreError: [new StoreError({ operation: "store", cause: "gone" })],
  TooManyConnects: [new TooManyConnects({ max: 1 })],
  TooManySessions: [new TooManySessions({ limit: "sessions", max: 1 })],
  VariableMissing: [new VariableMissing({ name: "TOKEN" })],
}

const statuses = new Map<object, number>([
  [ApiErrors.Forbidden, 403],
  [ApiErrors.NotFound, 404],
  [ApiErrors.Conflict, 409],
  [ApiErrors.UnprocessableContent, 422],
  [ApiErrors.TooManyRequests, 429],
  [ApiErrors.BadGateway, 502],
  [ApiErrors.ServiceUnavailable, 503],
  [ApiErrors.GatewayTimeout, 504],
])

it.each(Object.values(errors).flat())("$_tag is answered with the status of its word", (error) => {
  const answer = toApiError(error)
  expect(statuses.get(answer.constructor)).toBe(errorStatuses[errorCode(error)])
  expect(answer.error).toStrictEqual({ type: errorCode(error) })
})

it("a wait is told in whole seconds, and is never none", () => {
  for (const [retryAfterMs, seconds] of [
    [0, 1],
    [1, 1],
    [1_001, 2],
    [60_000, 60],
  ] as const) {
    const error = new RateLimited({ kind: "runs", whose: "user", limit: 1, windowMs: 1_000, retryAfterMs })
    expect(toApiError(error)).toMatchObject({ retryAfter: seconds })
  }
})
