/**
 * A response whose body is there. It is read as text, bytes or JSON without the stream that the class would make of it
 * first, which takes longer than the rest of a small response; whoever wants anything else gets it from the class.
 */
export class WholeResponse extends Response {
  readonly #content: string | Uint8Array
  #whole: Response | undefined
  #isRead = false

  constructor(content: string | Uint8Array, init: ResponseInit) {
    super(null, init)
    this.#content = content
  }

  // To TypeScript these are fields of the class, to JavaScript they are accessors.
  static {
    Object.defineProperties(this.prototype, {
      body: {
        get(this: WholeResponse) {
          return this.#rest().body
        },
      },
      bodyUsed: {
        get(this: WholeResponse) {
          return this.#isRead || (this.#whole?.bodyUsed ?? false)
        },
      },
    })
  }

  override readonly text = async () => {
    if (this.#whole !== undefined) return this.#whole.text()
    const content = this.#read()
    return typeof content === "string" ? content : new TextDecoder().decode(content)
  }

  override readonly json = async () => JSON.parse(await this.text())

  override readonly bytes = async () => {
    if (this.#whole !== undefined) return this.#whole.bytes()
    const content = this.#read()
    return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content)
  }

  override readonly arrayBuffer = () => this.#rest().arrayBuffer()

  override readonly blob: Response["blob"] = () => this.#rest().blob()

  override readonly formData: Response["formData"] = () => this.#rest().formData()

  override readonly clone: Response["clone"] = () => this.#rest().clone()

  #read(): string | Uint8Array {
    if (this.#isRead) throw new TypeError("The body was already read.")
    this.#isRead = true
    return this.#content
  }

  #rest(): Response {
    if (this.#isRead) throw new TypeError("The body was already read.")
    const { headers, status, statusText } = this
    const content = typeof this.#content === "string" ? this.#content : new Uint8Array(this.#content)
    this.#whole ??= new Response(content, { headers, status, statusText })
    return this.#whole
  }
}
