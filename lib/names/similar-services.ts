import { SERVICES } from './service-catalog.js'

interface TitledEntry {
  readonly title?: string
  readonly versions: readonly string[]
}

const CATALOG: Readonly<Record<string, TitledEntry>> = SERVICES

/** Returns at most three service names that are similar to a text, or whose titles are. The most similar is first. */
export function similarServices(text: string): readonly string[] {
  const query = normalize(text)
  return Object.entries(CATALOG)
    .map(([name, { title = '' }]) => ({
      name,
      distance: Math.min(textDistance(query, name), textDistance(query, normalize(title))),
    }))
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** Returns the candidate that is most similar to a text, or undefined if none is similar. */
export function mostSimilar(text: string, candidates: readonly string[]): string | undefined {
  const distanceOf = (candidate: string): number => textDistance(normalize(text), normalize(candidate))
  const [first] = [...candidates].sort((a, b) => distanceOf(a) - distanceOf(b))
  return first !== undefined && distanceOf(first) < Infinity ? first : undefined
}

function normalize(text: string): string {
  return text.toLowerCase().replace(/[^a-z\d]/g, '')
}

/** Returns the distance of two texts: small if they are similar or if one contains the other, else Infinity. */
function textDistance(a: string, b: string): number {
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
