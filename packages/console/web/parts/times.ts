const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" })

/** A time of the API's for people; what is none stays as it is. */
export const showTime = (iso: string): string => {
  const time = Date.parse(iso)
  return Number.isNaN(time) ? iso : format.format(time)
}
