// Shows operations of an emulator on the page: `npm start`. Stop it with ^C.
import { startEmulator } from 'rx-longrunning/emulator'
import { createApp } from './app.js'
import { startDemo } from './demo-script.js'

const emulator = await startEmulator()
const app = await createApp({ endpoint: emulator.endpoint, auth: false }, ['warn', 'error'])
await app.listen(Number(process.env.PORT ?? 0), '127.0.0.1')
const names = startDemo(emulator).map((name) => `name=${name}`)
console.log(`open ${await app.getUrl()}/?${names.join('&')}`)
app.getHttpServer().once('close', () => void emulator.close())
