#!/usr/bin/env bash
# Replaces the API processes and the workers of docker/compose.yaml while they serve, so that no request fails:
#   docker/upgrade.sh          builds the image of these sources, and goes over to it and to what docker/.env says now
#   docker/upgrade.sh back     goes back to the image of before; once more, and the newer one runs again
# New processes start beside those of before, which end once the new ones are ready. If these do not get ready they are
# removed, and those of before serve on.
set -euo pipefail

if [ $# -gt 1 ] || [ "${1:-back}" != back ]; then
  sed -n '2,6s/^# //p' "$0"
  exit 2
fi
cd "$(dirname "$0")"

say() { echo "upgrade: $*"; }

compose() { docker compose --file compose.yaml "$@"; }

image_id() { docker image inspect --format '{{.Id}}' "$1"; }

# The containers of a service that were not there before.
added() { compose ps --all --quiet "$1" | grep -vxF "$before" || true; }

# Whether these get ready, without a restart in between. The image's health check says how long they may take.
get_ready() {
  local container health
  for container in "$@"; do
    until health=$(docker inspect --format '{{.State.Health.Status}} {{.RestartCount}}' "$container"); [ "$health" = 'healthy 0' ]; do
      if [ "$health" != 'starting 0' ]; then
        docker logs --tail 3 "$container"
        return 1
      fi
      sleep 1
    done
  done
}

replace() {
  local service=$1 count
  before=$(compose ps --all --quiet "$service")
  count=$(wc -w <<<"$before")
  scale+=(--scale "$service=$count")
  [ "$count" != 0 ] || return 0
  say "$service: $count new processes start beside the $count of before"
  failure="the new processes of $service did not get ready"
  starting=$service
  compose up --detach --no-deps --no-recreate --scale "$service=$((2 * count))" "$service"
  get_ready $(added "$service")
  # The proxy asks each second.
  sleep 3
  starting=
  say "$service: the new ones are ready, those of before end"
  failure="the processes of $service of before did not end"
  docker stop $before >/dev/null
  docker rm $before >/dev/null
}

finish() {
  local code=$?
  trap '' INT TERM
  [ "$code" != 0 ] || return 0
  if [ -n "$starting" ]; then
    added "$starting" | xargs --no-run-if-empty docker rm --force >/dev/null
  fi
  if [ -n "$running" ]; then
    docker tag "$running" "$image"
  fi
  say "FAILED: $failure. $state" >&2
}

scale=() before= starting= running=
failure="Docker Compose says no" state="Nothing has changed."
trap finish EXIT
trap 'exit 130' INT TERM

image=$(compose config | awk '$1 == "api:" {api = 1} api && $1 == "image:" {print $2; exit}')
previous=${image%:*}:previous
failure="no API process runs: docker compose -f docker/compose.yaml up starts the system"
running=$(docker inspect --format '{{.Image}}' "$(compose ps --quiet api | head -n 1)")
if [ $# = 0 ]; then
  say "building $image"
  failure="the image could not be built"
  compose build api
else
  failure="there is no image of before"
  docker tag "$previous" "$image"
fi
new=$(image_id "$image")

state="The processes of before serve on."
replace api
if [ "$new" != "$running" ]; then
  docker tag "$running" "$previous"
fi
running=
state="The API processes are new, and the workers those of before, which go together. docker/upgrade.sh goes on, docker/upgrade.sh back goes back."
replace worker
say "everything else, where compose.yaml has changed"
failure="not everything else could be started"
state="The API processes and the workers are new."
compose up --detach --wait "${scale[@]}"
say "done; docker/upgrade.sh back goes back"
