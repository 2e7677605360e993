#!/bin/bash
# Whether the process in this container is ready, for Docker's HEALTHCHECK. Shell built-ins only: the image has nothing else.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/${MANAGEMENT_PORT:-9000}"
printf 'GET /q/health/ready HTTP/1.0\r\n\r\n' >&3
read -r -t 4 status <&3
[[ $status == HTTP/1.?\ 200* ]]
