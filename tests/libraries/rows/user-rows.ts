import { withoutAdvice, type Row } from "./scene.ts";

/** Rows about signed-in users. */
export const userRows: readonly Row[] = [
  {
    name: "signing in, events for the user, and the watchlist",
    async act(scene) {
      const user = `u-${crypto.randomUUID()}`;
      const client = scene.client(user);
      client.bind("pusher:signin_success", scene.note("success"));
      client.user.bind_global((event: string, data: unknown) => scene.note("user")(event, data));
      client.user.bind("notice", scene.note("notice"));
      client.signin();
      client.signin();
      await client.user.signinDonePromise;
      await scene.settled(client);
      scene.note("id")((client.user.user_data as { id: string }).id === user);
      await scene.backend.pusher.sendToUser(user, "notice", { n: 1 });
      await scene.until('"notice",{');
      scene.heard.splice(0, 1);
      client.disconnect();
      scene.note("after")(client.user.user_data);
    },
  },
  {
    name: "signing in where the endpoint says no",
    async act(scene) {
      const client = scene.client("ada", {
        userAuthentication: { endpoint: `${scene.backend.url}/nowhere`, transport: "ajax" },
      });
      client.user.bind("pusher:signin_error", scene.note("error"));
      client.signin();
      await scene.until('"error"');
      await client.user.signinDonePromise;
      scene.note("data")(client.user.user_data);
    },
    differs: { because: "the rest of its text names documents of another product", ours: withoutAdvice },
  },
  {
    name: "presence without channel data waits for the sign-in",
    async act(scene) {
      const client = scene.client("ada", {
        channelAuthorization: {
          transport: "ajax",
          endpoint: "",
          customHandler: ({ socketId, channelName }, callback) => {
            const { auth } = scene.backend.pusher.authorizeChannel(socketId, channelName);
            callback(null, { auth });
          },
        },
      });
      const channel = scene.listen(client.subscribe("presence-signed-in"), "pusher:subscription_succeeded");
      client.signin();
      await scene.subscribed(channel);
    },
  },
];
