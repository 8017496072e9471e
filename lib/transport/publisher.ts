import { channel } from 'node:diagnostics_channel'

/** Publishes the event that `createEvent` returns. */
export type Publish<E> = (createEvent: () => E) => void

/**
 * Returns the function that publishes events on a channel. An event is created only if its channel has subscribers.
 *
 * Source: https://nodejs.org/api/diagnostics_channel.html.
 */
/* @__NO_SIDE_EFFECTS__ */
export function publisher<E>(channelName: string): Publish<E> {
  const eventChannel = channel(channelName)
  return (createEvent) => {
    if (eventChannel.hasSubscribers) eventChannel.publish(createEvent())
  }
}
