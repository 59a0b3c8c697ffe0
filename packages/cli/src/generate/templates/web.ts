import type { Project, ProjectApp } from "../project.ts";

/** A page that subscribes. */
export const webProject: Project = {
  name: "web",
  title: "page that subscribes with pusher-js",
  files: (app) => ({ "index.html": page(app) }),
  next: ["Open index.html, then: sealcast trigger my-channel my-event Hello"],
};

function page({ key, socketUrl }: ProjectApp): string {
  const { hostname, port, protocol } = new URL(socketUrl);
  const isSecure = protocol === "https:";
  const options = {
    cluster: "own",
    wsHost: hostname,
    [isSecure ? "wssPort" : "wsPort"]: Number(port) || (isSecure ? 443 : 80),
    forceTLS: isSecure,
    enabledTransports: ["ws", "wss"],
    channelAuthorization: { endpoint: "/pusher/auth", transport: "ajax" },
  };
  return `<!doctype html>
<meta charset="utf-8" />
<title>my-channel</title>
<h1>Events of my-channel</h1>
<ul id="events"></ul>
<script src="https://cdn.jsdelivr.net/npm/pusher-js@8.6.0/dist/web/pusher.min.js"></script>
<script>
  const pusher = new Pusher(${JSON.stringify(key)}, ${JSON.stringify(options)});
  pusher.subscribe("my-channel").bind("my-event", (data) => {
    const item = document.createElement("li");
    item.textContent = JSON.stringify(data);
    document.querySelector("#events").append(item);
  });
</script>
`;
}
