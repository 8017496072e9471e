/**
 * The HTML page with which a Google front end answers a path or a verb that no API has.
 *
 * It is always a 404, never a 405; only its title and its two sentences are modelled, no styles.
 */
export function notFoundPage(path: string): string {
  return `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>Nothing is served at <code>${escapeHtml(path)}</code>.  <ins>That’s all we know.</ins>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
