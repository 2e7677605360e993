package dev.minicompete.reminder;

import dev.minicompete.mailbox.MailKind;
import dev.minicompete.mailbox.Mailbox;
import dev.minicompete.registration.MailFacts;
import dev.minicompete.registration.RegistrationMailHandler;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;

/** Reminds participants of what starts soon. */
@Singleton
class ReminderHandler extends RegistrationMailHandler {

    static final String KIND = "reminder:notify";

    ReminderHandler(Mailbox mailbox) {
        super(mailbox, KIND, MailKind.REMINDER, Templates::reminder);
    }

    /** Who cancelled in the meantime wants to hear no more of it. */
    @Override
    protected boolean isDue(MailFacts facts) {
        return facts.taking();
    }

    @CheckedTemplate(basePath = "mail")
    static class Templates {
        static native TemplateInstance reminder(MailFacts facts);
    }
}
