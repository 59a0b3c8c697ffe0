/**
 * Returns what operators see of an event in the queue of webhooks: its data may be private.
 *
 * @param text JSON of the event, as the server has written it.
 */
export function nameAndChannel(text: string): { readonly name: string; readonly channel: string } {
  const { name, channel } = JSON.parse(text) as { name: string; channel: string };
  return { name, channel };
}
