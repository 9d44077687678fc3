/** Does what the user's browser does: the suite's authorization server asks nothing and sends it straight back. */
export const signIn = async (authorizationUrl: string, hostUrl: string): Promise<void> => {
  let url = authorizationUrl
  for (let hops = 0; hops < maxHops; hops += 1) {
    const response = await fetch(url, { redirect: "manual", headers: { accept: "application/json" } })
    if (url.startsWith(`${hostUrl}/`)) {
      if (response.ok) return
      throw new Error(`Signing in failed: ${response.status} ${await response.text()}`)
    }
    const location = response.headers.get("location")
    if (location === null) {
      throw new Error(`The authorization server did not send the user back: ${response.status}`)
    }
    url = new URL(location, url).href
  }
  throw new Error(`The user was sent on more than ${maxHops} times.`)
}

const maxHops = 5
