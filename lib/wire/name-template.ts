/**
 * Returns the regular expression for a template of names: `*` matches one segment, `**` one or more. Each wildcard is a
 * group.
 */
export function templatePattern(template: string): RegExp {
  const parts = template.split('/').map((part) => WILDCARD_PATTERNS[part] ?? part.replace(/\W/g, '\\$&'))
  return new RegExp(`^${parts.join('/')}$`)
}

const WILDCARD_PATTERNS: Readonly<Record<string, string>> = { '*': '([^/]+)', '**': '([^/]+(?:/[^/]+)*)' }

/** Returns whether a name matches one of the templates. */
export function matchesTemplate(name: string, templates: readonly string[]): boolean {
  return templates.some((template) => templatePattern(template).test(name))
}
