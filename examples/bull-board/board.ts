// The dashboard of BullMQ for the operations that a fleet watches: it looks, and changes nothing.
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import { Queue } from 'bullmq'
import express from 'express'

const { REDIS_URL: url = 'redis://127.0.0.1:6379', PORT = '3000' } = process.env
const queue = new Queue('cloudresourcemanager.googleapis.com', {
  connection: { url },
  prefix: '{lro}',
  // Else BullMQ would write its own settings over those of the fleet.
  skipMetasUpdate: true,
})
const serverAdapter = new ExpressAdapter()
createBullBoard({ queues: [new BullMQAdapter(queue, { readOnlyMode: true })], serverAdapter })
express()
  .use(serverAdapter.getRouter())
  .listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`))
