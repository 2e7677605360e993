#!/bin/sh
# Makes the secrets of docker/compose.yaml that are missing: DB_PASSWORD in .env, grafana.password, and jwt.pem, the key that
# signs access tokens. Existing ones stay.
set -eu
cd "$(dirname "$0")"
umask 077
touch .env
# The last line may have no line break.
[ -z "$(tail -c 1 .env)" ] || echo >>.env
if ! grep -q "^ *DB_PASSWORD *= *[^ ]" .env; then
  # On a line of its own: a failure within echo would pass unnoticed.
  value=$(openssl rand -hex 24)
  echo "DB_PASSWORD=$value" >>.env
  echo "added DB_PASSWORD to docker/.env"
fi
# The processes in the containers have other user ids than you, and Compose hands the files in as they are.
if [ ! -e grafana.password ]; then
  openssl rand -hex 24 >grafana.password
  chmod 644 grafana.password
  echo "made docker/grafana.password"
fi
if [ ! -e jwt.pem ]; then
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out jwt.pem
  chmod 644 jwt.pem
  echo "made docker/jwt.pem"
fi
