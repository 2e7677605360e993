package dev.minicompete.web;

import dev.minicompete.competition.CompetitionView;
import dev.minicompete.jobs.failed.FailedJobView;
import dev.minicompete.mailbox.MailView;
import dev.minicompete.mailbox.MailboxResponse;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.registration.OwnRegistrationView;
import dev.minicompete.registration.ParticipantView;
import dev.minicompete.registration.RegistrationView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/** The templates of the pages, each a file in {@code templates/web}. The build checks their parameters. */
@CheckedTemplate(basePath = "web")
final class Templates {

    private Templates() {}

    static native TemplateInstance home(
            Page<CompetitionView> page,
            CompetitionSearch search,
            @Nullable String cursor,
            FieldErrors errors,
            String done);

    static native TemplateInstance competition(CompetitionView competition, RegistrationPanel panel, String done);

    static native TemplateInstance panel(RegistrationPanel panel);

    static native TemplateInstance live(RegistrationPanel panel, boolean changed);

    static native TemplateInstance login(AccountForm form);

    static native TemplateInstance resume(PendingForm resume, String reason);

    static native TemplateInstance signup(AccountForm form);

    static native TemplateInstance registrations(Page<OwnRegistrationView> page, @Nullable String cursor, String done);

    static native TemplateInstance cancelRegistration(
            RegistrationView registration, CompetitionView competition, @Nullable String message);

    static native TemplateInstance mailbox(MailboxResponse page, @Nullable String cursor, boolean unread);

    static native TemplateInstance mail(MailView mail);

    static native TemplateInstance unread();

    static native TemplateInstance ownCompetitions(Page<CompetitionView> page, @Nullable String cursor, String done);

    static native TemplateInstance newCompetition(CompetitionForm form, FieldErrors errors, String key);

    static native TemplateInstance editCompetition(
            CompetitionForm form, FieldErrors errors, CompetitionView stored, boolean stale);

    static native TemplateInstance cancelCompetition(CompetitionView competition);

    static native TemplateInstance participants(
            CompetitionView competition,
            Page<ParticipantView> page,
            ParticipantPages.Search search,
            @Nullable String cursor);

    static native TemplateInstance failedJobs(Page<FailedJobView> page, @Nullable String cursor, String done);

    static native TemplateInstance error(String title, String detail, boolean again);
}
