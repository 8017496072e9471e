import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { setHead } from './http-io.js'
import { API_HEADERS, type NetworkFailure } from './responses.js'

/** How every body begins: a client that takes a part of it for the whole has been told a lie. */
const DONE = '{"done":true}'
/** Between two bytes of a drip, and before a reset in the body. */
const PAUSE = 20
const MEBIBYTE = 2 ** 20
const BOMB_MEBIBYTES = 64

/** Answers as a broken network does; `ending` is called before the socket is ended from this side. */
export function applyNetworkFault(
  { fault, httpStatus }: NetworkFailure,
  socket: Socket,
  outgoing: ServerResponse,
  ending: () => void,
): void {
  setHead(outgoing, httpStatus, API_HEADERS)
  switch (fault) {
    case 'reset':
      ending()
      reset(socket)
      break
    case 'reset-in-body':
      sendPart(outgoing, () => {
        // A reset that comes together with bytes is told to a client of Node as an orderly end.
        const timer = setTimeout(() => {
          ending()
          reset(socket)
        }, PAUSE)
        socket.once('close', () => clearTimeout(timer))
      })
      break
    case 'cut-short':
      sendPart(outgoing, () => {
        ending()
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
      // It ends when the client goes away, which is what was to be seen, and no error.
      pipeline(endless(), outgoing, () => {})
      break
    case 'gzip-bomb':
      outgoing.setHeader('Content-Encoding', 'gzip')
      outgoing.end(bomb())
  }
}

/** Sends a body that is shorter than its head says, and then calls back, unless the client has gone away. */
function sendPart(outgoing: ServerResponse, sent: () => void): void {
  outgoing.setHeader('Content-Length', 2 * DONE.length)
  outgoing.write(DONE, (error) => {
    if (!error) sent()
  })
}

/** As resetAndDestroy() does, but that sends an orderly end (FIN) before, which is all that a client would see. */
function reset(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy()
}

function* endless(): Iterable<string | Buffer> {
  yield DONE
  const spaces = Buffer.alloc(65_536, ' ')
  while (true) yield spaces
}

/** JSON with white space after it, in members of gzip that were packed once. */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(MEBIBYTE, ' '))
  return Buffer.concat([gzipSync(DONE), ...Array<Buffer>(BOMB_MEBIBYTES).fill(member)])
}
