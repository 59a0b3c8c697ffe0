import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { ServerMessage } from "../connection/message.ts";
import type { UnknownEvents } from "../emitter.ts";
import { SealcastError } from "../sealcast-error.ts";
import { Members, type Member } from "./members.ts";
import { PrivateChannel } from "./private-channel.ts";

/** Events that a presence channel has besides those of every channel. */
export interface PresenceEvents<Info> {
  readonly "pusher:subscription_succeeded": Members<Info>;
  readonly "pusher:member_added": Member<Info>;
  readonly "pusher:member_removed": Member<Info>;
}

/** A private channel whose subscribers know of each other. */
export class PresenceChannel<Events extends object = UnknownEvents, Info = unknown> extends PrivateChannel<
  Events & PresenceEvents<Info>
> {
  readonly members: Members<Info> = new Members();
  #joiningAs: string | undefined;

  override disconnect(forGood: boolean): void {
    this.members.reset();
    super.disconnect(forGood);
  }

  override handleEvent(message: ServerMessage): void {
    const { event, data } = message;
    if (event === "pusher_internal:member_added") this.emit("pusher:member_added", this.members.addMember(data));
    else if (event === "pusher_internal:member_removed") {
      const member = this.members.removeMember(data);
      if (member) this.emit("pusher:member_removed", member);
    } else super.handleEvent(message);
  }

  protected override async authorize(): Promise<ChannelGrant> {
    const grant = await super.authorize();
    const { channelData } = grant;
    const { user } = this.pusher;
    // Without `channel_data` the server takes the user who signed in: a sign-in under way is waited for.
    if (channelData === undefined) await user.signinDonePromise;
    this.#joiningAs = channelData === undefined ? user.user_data?.id : userIdIn(channelData);
    if (this.#joiningAs !== undefined) return grant;
    throw new SealcastError("refused", `Invalid auth response for channel '${this.name}': no user`);
  }

  protected override granted(grant: ChannelGrant): void {
    this.members.myID = this.#joiningAs ?? null;
    super.granted(grant);
  }

  protected override welcome(data: unknown): Members<Info> {
    this.members.onSubscription(data);
    return this.members;
  }
}

function userIdIn(channelData: string): string | undefined {
  try {
    return (JSON.parse(channelData) as { readonly user_id: string }).user_id;
  } catch {
    return undefined;
  }
}
