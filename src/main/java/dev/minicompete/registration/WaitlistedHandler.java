package dev.minicompete.registration;

import dev.minicompete.mailbox.MailKind;
import dev.minicompete.mailbox.Mailbox;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;

/** Tells participants that they wait for a seat. */
@Singleton
class WaitlistedHandler extends RegistrationMailHandler {

    static final String KIND = "registration:waitlisted";

    WaitlistedHandler(Mailbox mailbox) {
        super(mailbox, KIND, MailKind.WAITLISTED, Templates::waitlisted);
    }

    @CheckedTemplate(basePath = "mail")
    static class Templates {
        static native TemplateInstance waitlisted(MailContext facts);
    }
}
