package dev.minicompete.jobs.outbox;

import java.util.UUID;

/**
 * A worker's claim of a batch of jobs.
 *
 * @param worker the worker whose list in Redis holds the entries
 * @param lease the fencing token of the claim
 */
public record JobClaim(String worker, UUID lease) {}
