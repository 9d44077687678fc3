import { expect, test } from "vitest"
import { answerHeader, ObservedFetch, tokenOf } from "../../src/transport/ObservedFetch.ts"

/** A fetch that notes what is sent. */
const start = () => {
  const sent: Array<Headers> = []
  const observed = new ObservedFetch(async (_, init) => {
    sent.push(new Headers(init?.headers))
    return new Response("sent")
  })
  const ask = (name: string, headers: Record<string, string> = {}) =>
    observed.fetch("https://a.test/", { headers: new Headers({ ...headers, [answerHeader]: name }) })
  return { ask, observed, sent }
}

test("an answer that is there is given once, and then the request is sent, without a word of it", async () => {
  const { ask, observed, sent } = start()
  const name = observed.prepare(Promise.resolve(new Response("there")), undefined)
  expect(await (await ask(name)).text()).toBe("there")
  expect(sent).toHaveLength(0)
  expect(await (await ask(name)).text()).toBe("sent")
  expect(sent[0]?.has(answerHeader)).toBe(false)
})

test("the token of a refused request is the one that it was sent with", async () => {
  const { ask, observed } = start()
  const refused = new Response(null, { status: 401 })
  const name = observed.prepare(Promise.resolve(refused), "old")
  expect(tokenOf(await ask(name, { authorization: "Bearer new" }))).toBe("old")
})

test("a failure is remembered, also of a request that was sent in another way", async () => {
  const { ask, observed } = start()
  const failure = new TypeError("fetch failed")
  await expect(ask(observed.prepare(Promise.reject(failure), undefined))).rejects.toBe(failure)
  expect(observed.lastFailure()).toBe(failure)
})
