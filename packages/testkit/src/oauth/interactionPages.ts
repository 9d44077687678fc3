import type { IncomingMessage, ServerResponse } from "node:http"
import type { Interaction, InteractionResults, default as Provider } from "oidc-provider"
import { escapeHtml, htmlPage } from "./htmlPage.ts"

/** Where these pages are, below the issuer's path. */
export const interactionPath = "/interaction/"

/**
 * The pages on which users sign in and consent: forms of buttons, for a browser and for `signIn`. Nobody has a
 * password.
 */
export async function interactionPages(
  provider: Provider,
  users: ReadonlyArray<string>,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response)
  if (request.method !== "POST") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
    response.end(
      interaction.prompt.name === "login" ? loginPage(users) : await consentPage(provider, interaction),
    )
    return
  }
  const form = new URLSearchParams(body)
  const result =
    form.get("decision") === "refuse"
      ? { error: "access_denied", error_description: "The user refused" }
      : interaction.prompt.name === "login"
        ? loginOf(users, form.get("user"))
        : { consent: { grantId: await grant(provider, interaction) } }
  if (result === undefined) {
    response.writeHead(400, { "content-type": "text/html; charset=utf-8" })
    response.end(htmlPage("There is no such user", ""))
    return
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
}

function loginOf(users: ReadonlyArray<string>, user: string | null): InteractionResults | undefined {
  return user !== null && users.includes(user) ? { login: { accountId: user } } : undefined
}

const refusal = '<button name="decision" value="refuse">Refuse</button>'

function loginPage(users: ReadonlyArray<string>): string {
  const buttons = users.map((user) => {
    const name = escapeHtml(user)
    return `<button name="user" value="${name}">${name}</button>`
  })
  return htmlPage(
    "Who are you?",
    `<p>Choose an account to sign in. None has a password.</p>
<form method="post">${[...buttons, refusal].join("\n")}</form>`,
  )
}

async function consentPage(provider: Provider, { params, prompt, session }: Interaction): Promise<string> {
  const clientId = String(params["client_id"])
  const client = await provider.Client.find(clientId)
  const asked = [missingOidcScope(prompt.details), ...Object.values(missingResourceScopes(prompt.details))]
  const scopes = Array.from(new Set(asked.flat()), (scope) => `<li>${escapeHtml(scope)}</li>`)
  return htmlPage(
    `May this client act for ${session?.accountId ?? "you"}?`,
    `<p><strong>${escapeHtml(client?.clientName ?? clientId)}</strong> asks for</p>
<ul>${scopes.join("")}</ul>
<p>You then return to ${escapeHtml(new URL(String(params["redirect_uri"])).host)}.</p>
<form method="post"><button name="decision" value="allow">Allow</button>
${refusal}</form>`,
  )
}

/** Grants all that is asked for, on top of what was granted to this client before. */
async function grant(provider: Provider, { grantId, params, prompt, session }: Interaction): Promise<string> {
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant =
    known ??
    new provider.Grant({
      ...(session === undefined ? {} : { accountId: session.accountId }),
      clientId: String(params["client_id"]),
    })
  const scope = missingOidcScope(prompt.details)
  if (scope.length > 0) grant.addOIDCScope(scope.join(" "))
  for (const [resource, scopes] of Object.entries(missingResourceScopes(prompt.details))) {
    grant.addResourceScope(resource, scopes.join(" "))
  }
  return grant.save()
}

type PromptDetails = Interaction["prompt"]["details"]

function missingOidcScope({ missingOIDCScope: scope }: PromptDetails): ReadonlyArray<string> {
  return Array.isArray(scope) ? scope.map(String) : []
}

function missingResourceScopes({
  missingResourceScopes: scopes,
}: PromptDetails): Readonly<Record<string, ReadonlyArray<string>>> {
  if (typeof scopes !== "object" || scopes === null) return {}
  return Object.fromEntries(
    Object.entries(scopes).map(([resource, missing]) => [
      resource,
      Array.isArray(missing) ? missing.map(String) : [],
    ]),
  )
}
