import type { OAuthFetch } from "./askAuthorizationServer.ts"
import type { AddClientAuthentication } from "./clientAuthentication.ts"

/** Posts a form to an endpoint of an authorization server, in the name of a client. It follows no redirect. */
export const postForm = async (
  fetch: OAuthFetch,
  endpoint: URL,
  fields: Readonly<Record<string, string>>,
  addClientAuthentication: AddClientAuthentication,
): Promise<Response> => {
  const headers = new Headers({
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  })
  const form = new URLSearchParams(fields)
  await addClientAuthentication(headers, form)
  return fetch(endpoint, { method: "POST", headers, body: form, redirect: "error" })
}
