import { withoutAdvice, type Row } from "./recorder.ts";

/** Rows about signed-in users. */
export const userRows: readonly Row[] = [
  {
    name: "signing in, events for the user, and the watchlist",
    async act(recorder) {
      const user = `u-${crypto.randomUUID()}`;
      const client = recorder.client(user);
      client.bind("pusher:signin_success", recorder.record("success"));
      client.user.bind_global((event: string, data: unknown) => recorder.record("user")(event, data));
      client.user.bind("notice", recorder.record("notice"));
      client.signin();
      client.signin();
      await client.user.signinDonePromise;
      await recorder.settled(client);
      recorder.record("id")((client.user.user_data as { id: string }).id === user);
      await recorder.backend.pusher.sendToUser(user, "notice", { n: 1 });
      await recorder.until('"notice",{');
      recorder.events.splice(0, 1);
      client.disconnect();
      recorder.record("after")(client.user.user_data);
    },
  },
  {
    name: "signing in where the endpoint says no",
    async act(recorder) {
      const client = recorder.client("ada", {
        userAuthentication: { endpoint: `${recorder.backend.url}/nowhere`, transport: "ajax" },
      });
      client.user.bind("pusher:signin_error", recorder.record("error"));
      client.signin();
      await recorder.until('"error"');
      await client.user.signinDonePromise;
      recorder.record("data")(client.user.user_data);
    },
    differs: { because: "the rest of its text names documents of another product", ours: withoutAdvice },
  },
  {
    name: "presence without channel data waits for the sign-in",
    async act(recorder) {
      const client = recorder.client("ada", {
        channelAuthorization: {
          transport: "ajax",
          endpoint: "",
          customHandler: ({ socketId, channelName }, callback) => {
            const { auth } = recorder.backend.pusher.authorizeChannel(socketId, channelName);
            callback(null, { auth });
          },
        },
      });
      const channel = recorder.listen(client.subscribe("presence-signed-in"), "pusher:subscription_succeeded");
      client.signin();
      await recorder.subscribed(channel);
    },
  },
];
