import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { setHead } from './http-io.js'
import { API_HEADERS, type NetworkFailure } from './responses.js'

/** The start of every body, which exposes a client that accepts a partial body. */
const DONE = '{"done":true}'
/** Milliseconds between two bytes of a drip, and before a reset in the body. */
const PAUSE = 20
const MEBIBYTE = 2 ** 20
const BOMB_MEBIBYTES = 64

/** Sends a response over a failing network; calls `beforeEnd` before the emulator closes the socket. */
export function applyNetworkFault(
  { fault, httpStatus }: NetworkFailure,
  socket: Socket,
  outgoing: ServerResponse,
  beforeEnd: () => void,
): void {
  setHead(outgoing, httpStatus, API_HEADERS)
  switch (fault) {
    case 'reset':
      beforeEnd()
      reset(socket)
      break
    case 'reset-in-body':
      sendPart(outgoing, () => {
        // A Node.js client reports a reset that arrives together with bytes as an orderly end.
        const timer = setTimeout(() => {
          beforeEnd()
          reset(socket)
        }, PAUSE)
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
      // The pipeline fails when the client disconnects, which is expected.
      pipeline(endlessBody(), outgoing, () => {})
      break
    case 'gzip-bomb':
      outgoing.setHeader('Content-Encoding', 'gzip')
      outgoing.end(gzipBomb())
  }
}

/** Sends a body shorter than its `Content-Length`, then calls back unless the client has disconnected. */
function sendPart(outgoing: ServerResponse, sent: () => void): void {
  outgoing.setHeader('Content-Length', 2 * DONE.length)
  outgoing.write(DONE, (error) => {
    if (!error) sent()
  })
}

/** Resets the connection. resetAndDestroy() would first send a FIN, which clients report as an orderly end. */
function reset(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy()
}

function* endlessBody(): Iterable<string | Buffer> {
  yield DONE
  const spaces = Buffer.alloc(65_536, ' ')
  while (true) yield spaces
}

/** Returns JSON followed by white space, as gzip members; the white space is compressed only once. */
function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(MEBIBYTE, ' '))
  return Buffer.concat([gzipSync(DONE), ...Array<Buffer>(BOMB_MEBIBYTES).fill(member)])
}
