package dev.minicompete.jobs;

/** Tells the organizer why a job failed, and the worker whether another attempt may help. */
public final class JobFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String description;
    private final boolean permanent;

    /**
     * @param description a short sentence for the organizer, without personal data, since it is stored
     * @param permanent whether every further attempt would fail too
     */
    public JobFailedException(String description, boolean permanent, Throwable cause) {
        super(description, cause);
        this.description = description;
        this.permanent = permanent;
    }

    /** The sentence for the organizer. */
    public String description() {
        return description;
    }

    /** Whether every further attempt would fail too. */
    public boolean isPermanent() {
        return permanent;
    }
}
