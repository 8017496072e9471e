/** What the server of the soak is asked for. */
export interface Round {
  readonly round: number
  readonly watches: number
}

/** How an operation of the soak ends: with a response, or with an error. */
export interface Expected {
  readonly response?: { readonly watch: number }
  readonly error?: { readonly code: number; readonly message: string }
}

/** The name of an operation of the soak. */
export function nameOf(round: number, watch: number): string {
  return `operations/soak.${round}.${watch}`
}

/** How the operation ends; every third fails. */
export function expected(watch: number): Expected {
  return watch % 3 === 0
    ? { error: { code: 1 + (watch % 16), message: `failed ${watch}` } }
    : { response: { watch } }
}

/** A token that says when it was issued, in milliseconds since 1970. */
export function tokenOf(issuedAt: number): string {
  return `soak.${issuedAt}`
}

/** When the token in a header was issued; 0 for none. */
export function issuedAt(authorization = ''): number {
  return Number(/^Bearer soak\.(\d+)$/.exec(authorization)?.[1] ?? 0)
}
