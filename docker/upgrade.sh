#!/usr/bin/env bash
# Replaces the API processes and the workers of docker/compose.yaml while they serve, so that no request fails:
#   docker/upgrade.sh          builds the image of these sources, and goes over to it and to what docker/.env says now
#   docker/upgrade.sh back     goes back to the previous image; a second time, to the newer one
# New processes start beside the old ones, which end once the new ones are ready. If the new ones do not get ready, they are removed
# and the old ones go on serving.
set -euo pipefail

if [ $# -gt 1 ] || [ "${1:-back}" != back ]; then
  sed -n '2,6s/^# //p' "$0"
  exit 2
fi
cd "$(dirname "$0")"

say() { echo "upgrade: $*"; }

compose() { docker compose --file compose.yaml "$@"; }

image_id() { docker image inspect --format '{{.Id}}' "$1"; }

# The new containers of a service.
added() { compose ps --all --quiet "$1" | grep -vxF "$old" || true; }

# Waits until these containers are ready; one that restarts has failed. The health check of the image limits the wait.
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

# What compose.yaml and .env say of a service.
setting() { compose config | awk -v service="$1:" -v name="$2:" '$1 == service {found = 1} found && $1 == name {print $2; exit}'; }

replace() {
  local service=$1 count wanted
  old=$(compose ps --all --quiet "$service")
  count=$(wc -w <<<"$old")
  [ "$count" != 0 ] || return 0
  wanted=$(setting "$service" replicas)
  say "$service: $wanted new processes start beside the $count old ones"
  failure="the new processes of $service did not get ready"
  starting=$service
  compose up --detach --no-deps --no-recreate --scale "$service=$((count + wanted))" "$service"
  get_ready $(added "$service")
  # The proxy asks for new addresses each second and checks each process once a second; more when the host is busy.
  sleep 5
  starting=
  say "$service: the new ones are ready, the old ones end"
  failure="the old processes of $service did not end"
  docker stop $old >/dev/null
  docker rm $old >/dev/null
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

old= starting= running=
failure="Docker Compose does not work here" state="Nothing has changed."
trap finish EXIT
trap 'exit 130' INT TERM

image=$(setting api image)
previous=${image%:*}:previous
failure="no API process runs: docker compose -f docker/compose.yaml up -d --wait starts the system"
running=$(docker inspect --format '{{.Image}}' "$(compose ps --quiet api | head -n 1)")
if [ $# = 0 ]; then
  say "building $image"
  failure="the image could not be built"
  compose build api
else
  failure="there is no previous image"
  docker tag "$previous" "$image"
fi
new=$(image_id "$image")

state="The old processes go on serving."
replace api
if [ "$new" != "$running" ]; then
  docker tag "$running" "$previous"
fi
running=
state="The API processes are new and the workers old, which works. Run docker/upgrade.sh again, or docker/upgrade.sh back."
replace worker
say "the other services, where compose.yaml has changed"
failure="another service did not start"
state="The API processes and the workers are new."
compose up --detach --wait
say "done; docker/upgrade.sh back goes back"
