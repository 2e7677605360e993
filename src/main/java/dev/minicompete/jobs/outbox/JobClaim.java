package dev.minicompete.jobs.outbox;

import java.util.UUID;

/**
 * A claim of one batch of jobs.
 *
 * @param worker whose list the entries stand in
 * @param lease the token that fences the jobs
 */
public record JobClaim(String worker, UUID lease) {}
