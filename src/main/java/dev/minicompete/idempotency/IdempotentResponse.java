package dev.minicompete.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * A response that retries get again, unchanged.
 *
 * @param location the value of the Location header
 * @param replayed whether the response was sent before
 */
public record IdempotentResponse(int status, @Nullable String location, String body, boolean replayed) {}
