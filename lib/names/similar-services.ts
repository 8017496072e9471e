import { normalize, textDistance } from '../messages/similar-text.js'
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
