import type { OAuthFault } from "./OAuthFaults.ts"

/** What the MCP server says of where to sign in. */
export const resourceFaultKinds = [
  "no_metadata",
  "resource_metadata_of_another_resource",
  "resource_metadata_private_address",
  "challenge_without_parameters",
] as const

export type ResourceFaultKind = (typeof resourceFaultKinds)[number]

export const resourceFaults: Record<ResourceFaultKind, OAuthFault> = {
  no_metadata: () => ({
    metadata: () => new Response(null, { status: 404 }),
    resource: { challenge: () => "Bearer", resourceMetadata: () => undefined },
    isAtResource: true,
    callback: ({ iss: _iss, ...parameters }) => parameters,
  }),
  resource_metadata_of_another_resource: () => ({
    resource: { resourceMetadata: (metadata) => ({ ...metadata, resource: "https://honest.example/mcp" }) },
  }),
  resource_metadata_private_address: () => ({
    resource: {
      challenge: () => 'Bearer resource_metadata="http://10.0.0.1/.well-known/oauth-protected-resource"',
    },
  }),
  challenge_without_parameters: () => ({ resource: { challenge: () => "Bearer" } }),
}
