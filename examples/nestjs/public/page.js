// Shows the operations in the query string, live. Text from a server is inserted as text, never as HTML.

/** @typedef {import('rx-longrunning/nestjs').OperationEventData<unknown, unknown>} OperationView */
/** @typedef {import('rx-longrunning').Detail} Detail */
/** @typedef {'running' | 'succeeded' | 'failed' | 'unknown'} State */

const LABELS = { running: 'Running', succeeded: 'Succeeded', failed: 'Failed', unknown: 'Not known' }
const ICONS = {
  running: 'M8 2a6 6 0 1 0 6 6',
  succeeded: 'M3 8.5l3.5 3.5L13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  unknown: 'M5.5 5.5a2.5 2.5 0 1 1 3.6 2.3c-.7.4-1.1.9-1.1 1.7M8 12.9v.1',
}

/** @template {Element} E @param {ParentNode} within @param {string} selector @param {new () => E} kind @returns {E} */
const find = (within, selector, kind) => {
  const element = within.querySelector(selector)
  if (element instanceof kind) return element
  throw new Error(`the page has no ${selector}`)
}

const list = find(document, '#operations', HTMLUListElement)
const template = find(document, '#operation', HTMLTemplateElement)
const summary = find(document, '#summary', HTMLElement)
const connection = find(document, '#connection', HTMLElement)
const none = find(document, '#none', HTMLElement)
const form = find(document, '#add', HTMLFormElement)
const input = find(document, '#name', HTMLInputElement)

/** @type {Map<string, { readonly item: HTMLElement, state: State, startedAt: number | undefined }>} */
const operations = new Map()

/** @param {string} name */
const add = (name) => {
  const fragment = template.content.cloneNode(true)
  if (!(fragment instanceof DocumentFragment)) return
  const item = find(fragment, 'li', HTMLLIElement)
  const title = find(item, 'h2', HTMLElement)
  title.textContent = name
  title.id = `operation-${operations.size}`
  item.setAttribute('aria-labelledby', title.id)
  find(item, 'progress', HTMLProgressElement).setAttribute('aria-labelledby', title.id)
  list.append(fragment)
  operations.set(name, { item, state: 'running', startedAt: undefined })
  show({ name }, 'running')
}

/** @param {OperationView} view @param {State} state */
const show = ({ name, elapsed, fraction, metadata, error }, state) => {
  const operation = operations.get(name)
  if (operation === undefined) return
  const { item } = operation
  operation.state = state
  item.dataset.state = state
  find(item, '.word', HTMLElement).textContent = LABELS[state]
  find(item, '.state path', SVGPathElement).setAttribute('d', ICONS[state])
  if (elapsed !== undefined) operation.startedAt = performance.now() - elapsed
  const kind = /([^.]+?)(?:Metadata)?$/.exec(Object(metadata)['@type'] ?? '')?.[1]
  if (kind !== undefined) find(item, '.kind', HTMLElement).textContent = kind

  const progress = find(item, 'progress', HTMLProgressElement)
  progress.hidden = state === 'failed' || state === 'unknown'
  if (state === 'succeeded') progress.value = 100
  else if (fraction !== undefined) progress.value = fraction * 100

  find(item, '.failure', HTMLElement).hidden = error === undefined
  if (error !== undefined) {
    find(item, '.code', HTMLElement).textContent = error.code ?? error.tag
    find(item, '.message', HTMLElement).textContent = error.message
    find(item, '.details', HTMLElement).replaceChildren(...(error.details ?? []).flatMap(linesOf))
  }
  tick()
  count()
}

/** @param {Detail} detail @returns {HTMLLIElement[]} */
const linesOf = (detail) => {
  switch (detail._tag) {
    case 'QuotaFailure':
      return detail.violations.map(({ subject, description }) => line(subject, description))
    case 'PreconditionFailure':
      return detail.violations.map(({ type, description }) => line(type, description))
    case 'BadRequest':
      return detail.fieldViolations.map(({ field, description }) => line(field, description))
    case 'ErrorInfo':
      return [line(detail.reason, detail.domain)]
    case 'LocalizedMessage':
      return [line(detail.locale, detail.message)]
    case 'Help':
      return detail.links.map(({ description, url }) => linkLine(description, url))
    default:
      return []
  }
}

/** @param {string} subject @param {string} text */
const line = (subject, text) => {
  const item = document.createElement('li')
  const about = document.createElement('b')
  about.textContent = subject
  item.append(about, ' ', text)
  return item
}

/** @param {string} text @param {string} url */
const linkLine = (text, url) => {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.textContent = text
  link.rel = 'noreferrer'
  if (/^https:\/\//.test(url)) link.href = url
  item.append(link)
  return item
}

/** @param {number} ms */
const duration = (ms) => {
  const seconds = Math.floor(ms / 1000)
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

/** Updates the elapsed times between two snapshots. */
const tick = () => {
  for (const { item, state, startedAt } of operations.values()) {
    if (startedAt === undefined || (state !== 'running' && item.dataset.ended === state)) continue
    find(item, '.elapsed', HTMLElement).textContent = duration(performance.now() - startedAt)
    item.dataset.ended = state
  }
}
setInterval(tick, 1000)

const count = () => {
  none.hidden = operations.size > 0
  const states = [...operations.values()].map(({ state }) => state)
  const text = Object.entries(LABELS)
    .map(([state, label]) => ({ label, count: states.filter((one) => one === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ label, count }) => `${count} ${label.toLowerCase()}`)
    .join(', ')
  // Screen readers announce each change, so the text is set only if it differs.
  if (summary.textContent !== text) summary.textContent = text
}

/** @type {EventSource | undefined} */
let source

/** Watches all running operations over one connection, because a browser opens at most six to a server. */
const watch = () => {
  source?.close()
  const names = [...operations].filter(([, { state }]) => state === 'running').map(([name]) => name)
  if (names.length === 0) return
  source = new EventSource(`events?${new URLSearchParams(names.map((name) => ['name', name]))}`)
  source.addEventListener('open', () => (connection.hidden = true))
  source.addEventListener('error', () => (connection.hidden = false))
  source.addEventListener('running', ({ data }) => show(JSON.parse(data), 'running'))
  source.addEventListener('succeeded', ({ data }) => end(JSON.parse(data), 'succeeded'))
  source.addEventListener('failed', ({ data }) => end(JSON.parse(data), 'failed'))
  source.addEventListener('unknown', ({ data }) => {
    /** @type {OperationView} */
    const view = JSON.parse(data)
    // The server is shutting down. The browser reconnects, and the next server continues.
    if (view.error?.tag !== 'ClientClosed') end(view, 'unknown')
  })
}

/** @param {OperationView} view @param {State} state */
const end = (view, state) => {
  show(view, state)
  // Without this call, the browser would reconnect after the end of the stream.
  if ([...operations.values()].every((operation) => operation.state !== 'running')) source?.close()
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const name = input.value.trim()
  form.reset()
  if (name === '' || operations.has(name)) return
  const address = new URL(location.href)
  address.searchParams.append('name', name)
  history.replaceState(null, '', address)
  add(name)
  watch()
})

for (const name of new Set(new URLSearchParams(location.search).getAll('name'))) add(name)
count()
watch()
