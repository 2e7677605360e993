#!/usr/bin/env bash
# A tour of the API with curl: sign up, log in, publish a competition, register for it twice with one key, read the mail.
#
#   src/test/sh/curl-tour.sh [base URL]         default: http://localhost:3000
#
# It makes new accounts each time, so that it can be run again and again. It ends with an error where a step does.
set -euo pipefail

BASE=${1:-${BASE_URL:-http://localhost:3000}}
RUN=$(date +%s)-$$
DEADLINE=$(($(date +%Y) + 1))-11-20T23:59:59.000Z

# The value of a text member in the JSON on standard input; jq does this better, but not every machine has it.
member() {
  grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4
}

step() {
  printf '\n# %s\n' "$1" >&2
}

CURL=(curl --silent --show-error --fail-with-body --max-time 10)

step "Sign up as an organizer"
"${CURL[@]}" -X POST "$BASE/api/auth/signup" \
  -H "Content-Type: application/json" \
  -d '{"name":"Alice","email":"alice-'"$RUN"'@example.com","password":"pass123","role":"organizer"}'

step "Log in"
ORGANIZER=$("${CURL[@]}" -X POST "$BASE/api/auth/login" \
  -H "Content-Type: application/json" \
  -d '{"email":"alice-'"$RUN"'@example.com","password":"pass123"}' | member accessToken)
echo "token: ${ORGANIZER:0:20}..."

step "Publish a competition"
COMPETITION=$("${CURL[@]}" -X POST "$BASE/api/competitions" \
  -H "Authorization: Bearer $ORGANIZER" \
  -H "Content-Type: application/json" \
  -d '{"title":"Hackathon","description":"24hr coding","capacity":50,"regDeadline":"'"$DEADLINE"'"}')
echo "$COMPETITION"
ID=$(member id <<<"$COMPETITION")

step "Sign up as a participant"
PARTICIPANT=$("${CURL[@]}" -X POST "$BASE/api/auth/signup" \
  -H "Content-Type: application/json" \
  -d '{"name":"Bob","email":"bob-'"$RUN"'@example.com","password":"pass123","role":"participant"}' | member accessToken)
echo "token: ${PARTICIPANT:0:20}..."

step "Register"
FIRST=$("${CURL[@]}" -X POST "$BASE/api/competitions/$ID/register" \
  -H "Authorization: Bearer $PARTICIPANT" \
  -H "Idempotency-Key: abc123" \
  -H "Content-Type: application/json" \
  -d '{}')
echo "$FIRST"

step "Register again with the same key: the same answer, the same registration"
SECOND=$("${CURL[@]}" -X POST "$BASE/api/competitions/$ID/register" \
  -H "Authorization: Bearer $PARTICIPANT" \
  -H "Idempotency-Key: abc123" \
  -H "Content-Type: application/json" \
  -d '{}')
echo "$SECOND"
[ "$FIRST" = "$SECOND" ]

step "Read the mailbox; the confirmation comes within moments"
for attempt in $(seq 50); do
  MAILBOX=$("${CURL[@]}" "$BASE/api/mailbox" -H "Authorization: Bearer $PARTICIPANT")
  if grep -q '"kind":"confirmation"' <<<"$MAILBOX"; then
    echo "$MAILBOX"
    exit 0
  fi
  sleep 0.2
done
echo "No confirmation came: $MAILBOX" >&2
exit 1
