/** Returns a question that contains the most similar candidate; empty if none is similar. */
export function suggestion(text: string, candidates: readonly string[], prefix = ''): string {
  const similar = mostSimilar(text, candidates)
  return similar === undefined ? '' : `; did you mean ${prefix}${similar}?`
}

/** Returns whether at most two letters of two texts differ. The distance of a text that contains the other is at least 3. */
export function isMisspelled(text: string, meant: string): boolean {
  return textDistance(normalize(text), normalize(meant)) < 3
}

/** Returns the candidate that is most similar to a text, or undefined if none is similar. */
function mostSimilar(text: string, candidates: readonly string[]): string | undefined {
  const distanceOf = (candidate: string): number => textDistance(normalize(text), normalize(candidate))
  const [first] = [...candidates].sort((a, b) => distanceOf(a) - distanceOf(b))
  return first !== undefined && distanceOf(first) < Infinity ? first : undefined
}

export function normalize(text: string): string {
  return text.toLowerCase().replace(/[^a-z\d]/g, '')
}

/** Returns the distance of two texts: small if they are similar or if one contains the other, else Infinity. */
export function textDistance(a: string, b: string): number {
  const edits = editDistance(a, b)
  if (edits < Math.min(3, a.length / 2, b.length / 2)) return edits
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length > 2 && long.includes(short) ? 2 + long.length - short.length : Infinity
}

/** Returns the Levenshtein distance of two texts. */
function editDistance(a: string, b: string): number {
  const firstRow = Array.from({ length: b.length + 1 }, (_, column) => column)
  const lastRow = [...a].reduce((previousRow, letterOfA, rowIndex) => {
    const row = [rowIndex + 1]
    for (const [column, letterOfB] of [...b].entries()) {
      const substitution = (previousRow[column] ?? 0) + (letterOfA === letterOfB ? 0 : 1)
      row.push(Math.min(substitution, (previousRow[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1))
    }
    return row
  }, firstRow)
  return lastRow[b.length] ?? 0
}
