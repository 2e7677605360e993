#!/bin/sh
# Makes the secrets of docker/compose.yaml, where there are none: .env with passwords, and jwt.pem, the key that signs
# access tokens. What is there already stays.
set -eu
cd "$(dirname "$0")"
umask 077
if [ ! -e .env ]; then
  printf 'DB_PASSWORD=%s\nGRAFANA_PASSWORD=%s\n' "$(openssl rand -hex 24)" "$(openssl rand -hex 12)" >.env
  echo "made docker/.env"
fi
if [ ! -e jwt.pem ]; then
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out jwt.pem 2>/dev/null
  # The process in the container has another user id than you, and Compose hands the file in as it is.
  chmod 644 jwt.pem
  echo "made docker/jwt.pem"
fi
