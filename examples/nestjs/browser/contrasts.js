// Runs in the page. Returns the contrast of each text to its background. Source: WCAG 2.2, 1.4.3.
;(() => {
  /** @param {string} color */
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((value) => {
      const part = Number(value) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  /** @param {Element | null} element @returns {string} */
  const backgroundOf = (element) => {
    if (element === null) return 'rgb(255, 255, 255)'
    const color = getComputedStyle(element).backgroundColor
    return color === 'rgba(0, 0, 0, 0)' ? backgroundOf(element.parentElement) : color
  }
  /** @type {Record<string, number>} */
  const contrasts = {}
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes]
      .map((node) => (node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? '').trim() : ''))
      .join('')
    if (text === '' || !element.checkVisibility()) continue
    const [one, two] = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))]
    contrasts[text] = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)
  }
  return contrasts
})()
