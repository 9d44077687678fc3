/**
 * Whether an answer should be a stream of events: where the client says so in as many words, and does not want JSON
 * more (RFC 9110, section 12.5.1). Of two that it wants as much, the first is taken.
 */
export const prefersEventStream = (accept: string | undefined): boolean => {
  // What clients of JSON send is told without looking closer.
  if (accept === undefined || !/event-stream/i.test(accept)) return false
  const wanted = accept
    .toLowerCase()
    .split(",")
    .map((range) => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim())
      const weight = parameters.find((parameter) => parameter.startsWith("q="))
      return { type, weight: weight === undefined ? 1 : Number(weight.slice("q=".length)) }
    })
    .filter(({ type, weight }) => weight > 0 && (type === "text/event-stream" || type === "application/json"))
    .toSorted((one, other) => other.weight - one.weight)
  return wanted.at(0)?.type === "text/event-stream"
}
