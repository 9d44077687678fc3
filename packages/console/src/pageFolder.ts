/** Where the built page is: beside this file. */
export const pageFolder = (): Promise<URL> => Promise.resolve(new URL("./page/", import.meta.url))
