#!/bin/sh
# Makes the secrets of docker/compose.yaml that are not there yet: passwords in .env, and jwt.pem, the key that signs access
# tokens. What is there already stays.
set -eu
cd "$(dirname "$0")"
umask 077
touch .env
# The last line may have no line break.
[ -z "$(tail -c 1 .env)" ] || echo >>.env
for name in DB_PASSWORD GRAFANA_PASSWORD; do
  if ! grep -q "^ *$name *= *[^ ]" .env; then
    # On a line of its own: a failure within echo would pass unnoticed.
    value=$(openssl rand -hex 24)
    echo "$name=$value" >>.env
    echo "added $name to docker/.env"
  fi
done
if [ ! -e jwt.pem ]; then
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out jwt.pem
  # The process in the container has another user id than you, and Compose hands the file in as it is.
  chmod 644 jwt.pem
  echo "made docker/jwt.pem"
fi
