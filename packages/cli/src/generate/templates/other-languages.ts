// cspell:ignore urlpatterns Getenv urlsplit fullmatch hexdigest
import type { Project } from "../project.ts";

/** Projects for other languages. They sign with the standard library, so that nothing has to be installed. */
export const otherProjects: readonly Project[] = [
  {
    name: "go",
    title: "auth endpoint for Go, with the standard library",
    files: () => ({ "main.go": goProgram }),
    next: ["SEALCAST_URL=https://KEY:SECRET@HOST/apps/APP_ID go run main.go"],
  },
  {
    name: "django",
    title: "view with an auth endpoint for Django",
    files: () => ({ "sealcast_auth.py": djangoView }),
    next: [
      'Add to urlpatterns: path("pusher/auth", sealcast_auth.authorize)',
      "Set SEALCAST_URL=https://KEY:SECRET@HOST/apps/APP_ID",
    ],
  },
  {
    name: "rails",
    title: "controller with an auth endpoint for Rails",
    files: () => ({ "app/controllers/sealcast_auth_controller.rb": railsController }),
    next: [
      'Add to config/routes.rb: post "/pusher/auth", to: "sealcast_auth#create"',
      "Set SEALCAST_URL=https://KEY:SECRET@HOST/apps/APP_ID",
    ],
  },
  {
    name: "laravel",
    title: "settings and channel rules for Laravel's own auth endpoint",
    files: (app) => ({ "routes/channels.php": laravelChannels, "sealcast.env": laravelVariables(app) }),
    next: [
      "Append sealcast.env to .env and fill in PUSHER_APP_SECRET",
      "composer require pusher/pusher-php-server",
      "The endpoint is /broadcasting/auth: set it in the page as channelAuthorization.endpoint",
    ],
  },
];

const goProgram = `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// currentUser returns the id of the signed-in user of a request. Replace it with your sessions: nobody is signed in yet.
func currentUser(request *http.Request) string {
	return ""
}

// maySubscribe returns whether a user may subscribe to a channel. Replace it with your rules; compare whole names.
func maySubscribe(user, channel string) bool {
	return channel == "private-user-"+user || strings.HasPrefix(channel, "presence-")
}

var (
	socketForm  = regexp.MustCompile(\`^\\d+\\.\\d+$\`)
	channelForm = regexp.MustCompile(\`^(private|presence)-[\\w=@,.;-]+$\`)
)

func main() {
	app, err := url.Parse(os.Getenv("SEALCAST_URL")) // https://KEY:SECRET@HOST/apps/APP_ID
	if err != nil || app.User == nil {
		log.Fatal("SEALCAST_URL is not the URL of an app")
	}
	key := app.User.Username()
	secret, _ := app.User.Password()
	http.HandleFunc("/pusher/auth", func(response http.ResponseWriter, request *http.Request) {
		user := currentUser(request)
		socket, channel := request.PostFormValue("socket_id"), request.PostFormValue("channel_name")
		if request.Method != "POST" || user == "" || !socketForm.MatchString(socket) ||
			!channelForm.MatchString(channel) || !maySubscribe(user, channel) {
			http.Error(response, "Forbidden", http.StatusForbidden)
			return
		}
		answer := map[string]string{}
		text := socket + ":" + channel
		if strings.HasPrefix(channel, "presence-") {
			member, _ := json.Marshal(map[string]string{"user_id": user})
			answer["channel_data"] = string(member)
			text += ":" + string(member)
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(text))
		answer["auth"] = key + ":" + hex.EncodeToString(mac.Sum(nil))
		response.Header().Set("Content-Type", "application/json")
		response.Header().Set("Cache-Control", "no-store")
		json.NewEncoder(response).Encode(answer)
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
`;

const djangoView = `import hashlib
import hmac
import json
import os
import re
from urllib.parse import unquote, urlsplit

from django.http import HttpResponseForbidden, JsonResponse
from django.views.decorators.http import require_POST

app = urlsplit(os.environ["SEALCAST_URL"])  # https://KEY:SECRET@HOST/apps/APP_ID
key, secret = unquote(app.username), unquote(app.password)


def may_subscribe(user, channel):
    """Returns whether a user may subscribe to a channel. Replace it with your rules; compare whole names."""
    return channel == f"private-user-{user.pk}" or channel.startswith("presence-")


@require_POST
def authorize(request):
    socket_id = request.POST.get("socket_id", "")
    channel = request.POST.get("channel_name", "")
    valid = re.fullmatch(r"\\d+\\.\\d+", socket_id) and re.fullmatch(r"(private|presence)-[\\w=@,.;-]+", channel)
    if not valid or not request.user.is_authenticated or not may_subscribe(request.user, channel):
        return HttpResponseForbidden("Forbidden")
    answer, text = {}, f"{socket_id}:{channel}"
    if channel.startswith("presence-"):
        answer["channel_data"] = json.dumps({"user_id": str(request.user.pk)})
        text += f":{answer['channel_data']}"
    answer["auth"] = f"{key}:{hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()}"
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})
`;

const railsController = `require "json"
require "openssl"
require "uri"

class SealcastAuthController < ApplicationController
  def create
    socket_id, channel = params[:socket_id].to_s, params[:channel_name].to_s
    valid = socket_id.match?(/\\A\\d+\\.\\d+\\z/) && channel.match?(/\\A(private|presence)-[\\w=@,.;-]+\\z/)
    return head :forbidden unless valid && current_user && may_subscribe?(current_user, channel)

    answer, text = {}, "#{socket_id}:#{channel}"
    if channel.start_with?("presence-")
      answer[:channel_data] = { user_id: current_user.id.to_s }.to_json
      text += ":#{answer[:channel_data]}"
    end
    key, secret = [app.user, app.password].map { |part| URI.decode_www_form_component(part) }
    answer[:auth] = "#{key}:#{OpenSSL::HMAC.hexdigest("SHA256", secret, text)}"
    response.set_header("Cache-Control", "no-store")
    render json: answer
  end

  private

  # Returns whether a user may subscribe to a channel. Replace it with your rules; compare whole names.
  def may_subscribe?(user, channel)
    channel == "private-user-#{user.id}" || channel.start_with?("presence-")
  end

  # https://KEY:SECRET@HOST/apps/APP_ID
  def app
    @app ||= URI.parse(ENV.fetch("SEALCAST_URL"))
  end
end
`;

const laravelChannels = `<?php

use Illuminate\\Support\\Facades\\Broadcast;

// Who may subscribe to a channel. Names have no "private-" or "presence-" here. Replace this with your rules.
Broadcast::channel('orders-{id}', fn ($user, $id) => (string) $user->id === $id);

// A presence channel: the returned array is the info that other members see.
Broadcast::channel('room', fn ($user) => ['name' => $user->name]);
`;

function laravelVariables({ appId, key, socketUrl }: Parameters<Project["files"]>[0]): string {
  const { hostname, port, protocol } = new URL(socketUrl);
  return `BROADCAST_CONNECTION=pusher
PUSHER_APP_ID=${appId}
PUSHER_APP_KEY=${key}
PUSHER_APP_SECRET=
PUSHER_HOST=${hostname}
PUSHER_PORT=${port || (protocol === "https:" ? "443" : "80")}
PUSHER_SCHEME=${protocol.replace(":", "")}
PUSHER_APP_CLUSTER=own
`;
}
