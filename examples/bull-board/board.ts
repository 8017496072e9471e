// Shows the operations of all workers on the BullMQ dashboard. It is read-only.
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import { Queue } from 'bullmq'
import express from 'express'

const { REDIS_URL: url = 'redis://127.0.0.1:6379', PORT = '3000' } = process.env
const options = { connection: { url }, prefix: '{lro}', skipMetasUpdate: true }
const queue = new Queue('cloudresourcemanager.googleapis.com', options)
const serverAdapter = new ExpressAdapter()
createBullBoard({ queues: [new BullMQAdapter(queue, { readOnlyMode: true })], serverAdapter })
const app = express().use(serverAdapter.getRouter())
app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`http://127.0.0.1:${PORT}`)
})
