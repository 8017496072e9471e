// Starts the application with Application Default Credentials, or with the emulator in CLOUDRESOURCEMANAGER_EMULATOR_HOST.
import { createApp } from './app.js'

const app = await createApp({})
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
console.log(`open ${await app.getUrl()}/?name=operations/cp.123`)
