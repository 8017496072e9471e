/** Whether a name is a URL, or a full resource name such as `//run.googleapis.com/projects/p/operations/x`. */
export const isUrl = (name: string): boolean => /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(name)
