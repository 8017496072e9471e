/** Whether a name is a URL, or a full resource name such as `//run.googleapis.com/projects/p/operations/x`. */
export function isUrl(name: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(name)
}
