package dev.minicompete.registration;

import dev.minicompete.mailbox.MailKind;
import dev.minicompete.mailbox.Mailbox;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;

/** Tells participants that they have left the waitlist for a seat. */
@Singleton
class PromotedHandler extends RegistrationMailHandler {

    static final String KIND = "registration:promoted";

    PromotedHandler(Mailbox mailbox) {
        super(mailbox, KIND, MailKind.PROMOTED, Templates::promoted);
    }

    @CheckedTemplate(basePath = "mail")
    static class Templates {
        static native TemplateInstance promoted(MailContext facts);
    }
}
