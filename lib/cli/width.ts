const ZERO = /^\p{M}$/u
/** Of East Asian width W or F, or drawn as a picture. Source: https://www.unicode.org/reports/tr11. */
const DOUBLE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}])$/u

/** How many columns of a terminal a text takes, once it is visible. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += widthOfOne(character)
  return width
}

/** As much of a text as fits into so many columns; where it was cut, the last of them is `…`. */
export function clipped(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let left = columns - 1
  for (const character of text) {
    left -= widthOfOne(character)
    if (left < 0) break
    kept += character
  }
  return columns > 0 ? `${kept}…` : ''
}

function widthOfOne(character: string): number {
  return DOUBLE.test(character) ? 2 : ZERO.test(character) ? 0 : 1
}
