/** Returns a question that contains the most similar candidate; empty if none is similar. */
export function suggestion(text: string, candidates: readonly string[], prefix = ''): string {
  const distanceOf = (candidate: string): number => textDistance(normalize(text), normalize(candidate))
  const [closest] = [...candidates].sort((a, b) => distanceOf(a) - distanceOf(b))
  const isSimilar = closest !== undefined && distanceOf(closest) < Infinity
  return isSimilar ? `; did you mean ${prefix}${closest}?` : ''
}

/** Returns whether at most two letters of two texts differ. The distance of a text that contains the other is at least 3. */
export function isMisspelled(text: string, meant: string): boolean {
  return textDistance(normalize(text), normalize(meant)) < 3
}

export function normalize(text: string): string {
  return text.toLowerCase().replace(/[^a-z\d]/g, '')
}

/** Returns the distance of two texts: small if they are similar or if one contains the other, else Infinity. */
export function textDistance(a: string, b: string): number {
  const edits = editDistance(a, b)
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  // Two letters, such as "rn" for "run", may differ in one.
  if (edits < (short.length === 2 ? 2 : Math.min(3, short.length / 2))) return edits
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
