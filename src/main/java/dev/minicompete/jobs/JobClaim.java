package dev.minicompete.jobs;

import java.util.UUID;

/**
 * A claim of one batch of jobs.
 *
 * @param worker whose list the entries stand in
 * @param lease the token that fences the jobs
 */
record JobClaim(String worker, UUID lease) {}
