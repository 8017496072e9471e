import { setTimeout as sleep } from 'node:timers/promises'
import type { GoogleGenAI } from '@google/genai'
import { either as E } from 'fp-ts'
import { type OperationsClient, outcome } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const model = 'veo-3.1-generate-preview'
const src = [{ contents: [{ role: 'user', parts: [{ text: 'Name a colour.' }] }] }]

/** Generates a video with the poll loop of Google's samples. */
export async function generateWithPollLoop(ai: GoogleGenAI): Promise<unknown> {
  let operation = await ai.models.generateVideos({ model, source: { prompt: 'Rain in Tokyo' } })
  while (!operation.done) {
    await sleep(1_000)
    operation = await ai.operations.getVideosOperation({ operation })
  }
  if (operation.error) throw new Error(String(operation.error.message))
  return operation.response?.generatedVideos?.[0]?.video?.uri
}

/** Generates a video with a watch of this library. */
export async function generateWithWatch(ai: GoogleGenAI, client: OperationsClient): Promise<unknown> {
  const started = await ai.models.generateVideos({ model, source: { prompt: 'Rain in Tokyo' } })
  const ended = await lastValueFrom(client.follow(started).pipe(outcome()))
  if (E.isLeft(ended)) throw new Error(ended.left.message)
  return Object(ended.right).videos[0].gcsUri
}

/** Runs a batch with a poll loop. */
export async function batchWithPollLoop(ai: GoogleGenAI): Promise<unknown> {
  let job = await ai.batches.create({ model: 'gemini-2.5-flash', src })
  while (job.state === 'JOB_STATE_PENDING' || job.state === 'JOB_STATE_RUNNING') {
    await sleep(1_000)
    job = await ai.batches.get({ name: job.name ?? '' })
  }
  if (job.state !== 'JOB_STATE_SUCCEEDED') throw new Error(job.error?.message ?? job.state)
  return job.dest?.inlinedResponses?.[0]?.response?.candidates?.[0]?.content?.parts?.[0]?.text
}

/** Runs a batch with a watch of this library. */
export async function batchWithWatch(ai: GoogleGenAI, client: OperationsClient): Promise<unknown> {
  const job = await ai.batches.create({ model: 'gemini-2.5-flash', src })
  const ended = await lastValueFrom(client.follow(job).pipe(outcome()))
  if (E.isLeft(ended)) throw new Error(ended.left.message)
  const { response } = Object(ended.right).inlinedResponses.inlinedResponses[0]
  return response.candidates[0].content.parts[0].text
}
