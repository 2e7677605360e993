package dev.minicompete.registration;

import dev.minicompete.mailbox.MailKind;
import dev.minicompete.mailbox.Mailbox;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;

/** Tells participants that the competition is off. */
@Singleton
class CompetitionCancelledHandler extends RegistrationMailHandler {

    static final String KIND = "competition:cancelled";

    CompetitionCancelledHandler(Mailbox mailbox) {
        super(mailbox, KIND, MailKind.COMPETITION_CANCELLED, Templates::competitionCancelled);
    }

    @CheckedTemplate(basePath = "mail")
    static class Templates {
        static native TemplateInstance competitionCancelled(MailContext facts);
    }
}
