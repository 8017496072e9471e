import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { setHead } from './http-io.js'
import { API_HEADERS, type NetworkFailure } from './responses.js'

/** The start of every body. A client that accepts a partial body reads it as an operation that is done. */
const DONE = '{"done":true}'
/** Milliseconds between two bytes of the fault `drip`, and before the reset of the fault `reset-in-body`. */
const PAUSE = 20
const MEBIBYTE = 2 ** 20
/** The decompressed size of the fault `gzip-bomb`. */
const BOMB_MEBIBYTES = 64

/** Sends a response with a network fault. If the fault closes the socket, calls `beforeEnd` first. */
export function applyNetworkFault(
  { fault, httpStatus }: NetworkFailure,
  socket: Socket,
  outgoing: ServerResponse,
  beforeEnd: () => void,
): void {
  const resetNow = (): void => {
    beforeEnd()
    reset(socket)
  }
  setHead(outgoing, httpStatus, API_HEADERS)
  switch (fault) {
    case 'reset':
      resetNow()
      break
    case 'reset-in-body':
      sendPart(outgoing, () => {
        // A Node.js client does not report a reset that arrives together with bytes.
        const timer = setTimeout(resetNow, PAUSE)
        socket.once('close', () => clearTimeout(timer))
      })
      break
    case 'cut-short':
      sendPart(outgoing, () => {
        beforeEnd()
        socket.destroySoon()
      })
      break
    case 'drip': {
      outgoing.write(DONE)
      const timer = setInterval(() => outgoing.write(' '), PAUSE)
      socket.once('close', () => clearInterval(timer))
      break
    }
    case 'endless':
      // The callback ignores the error that the pipeline reports when the client disconnects.
      pipeline(endlessBody(), outgoing, () => {})
      break
    case 'gzip-bomb':
      outgoing.setHeader('Content-Encoding', 'gzip')
      outgoing.end(gzipBomb())
  }
}

/** Sends a body that is shorter than its `Content-Length`. Then calls `onSent`, unless the client has disconnected. */
function sendPart(outgoing: ServerResponse, onSent: () => void): void {
  outgoing.setHeader('Content-Length', 2 * DONE.length)
  outgoing.write(DONE, (error) => {
    if (!error) onSent()
  })
}

/**
 * Resets the connection with an internal field of Node.js. The public method `resetAndDestroy()` sends a FIN first, and
 * clients then detect no reset.
 */
function reset(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy()
}

function* endlessBody(): Iterable<string | Buffer> {
  yield DONE
  const spaces = Buffer.alloc(65_536, ' ')
  while (true) yield spaces
}

/** Returns JSON and 64 MiB of spaces as gzip members. One compressed member of spaces is repeated, to save time. */
function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(MEBIBYTE, ' '))
  return Buffer.concat([gzipSync(DONE), ...Array<Buffer>(BOMB_MEBIBYTES).fill(member)])
}
