package dev.minicompete.mailbox;

import dev.minicompete.jobs.Job;

/**
 * A mail about to be delivered.
 *
 * @param job the job that delivers it; a job delivers one mail, however often it is tried
 * @param kind one of {@link MailKind}
 */
public record OutgoingMail(Job job, String kind, String subject, String body) {

    private static final String SUBJECT = "Subject: ";

    /**
     * Makes a mail of a rendered template, which looks like a mail: a subject line, an empty line, the body.
     *
     * @throws IllegalArgumentException when it does not
     */
    public static OutgoingMail of(Job job, String kind, String rendered) {
        var parts = rendered.split("\n\n", 2);
        if (parts.length < 2 || !parts[0].startsWith(SUBJECT) || parts[0].contains("\n")) {
            throw new IllegalArgumentException("The template of " + kind + " is not a subject line and a body");
        }
        return new OutgoingMail(job, kind, parts[0].substring(SUBJECT.length()), parts[1].strip());
    }
}
