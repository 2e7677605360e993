package dev.minicompete.idempotency;

/**
 * A response that retries get again, unchanged.
 *
 * @param location the value of the Location header, or null
 * @param replayed whether the response was sent before
 */
public record IdempotentResponse(int status, String location, String body, boolean replayed) {}
