package dev.minicompete.registration;

import dev.minicompete.mailbox.MailKind;
import dev.minicompete.mailbox.Mailbox;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;

/** Tells participants that they have a seat. */
@Singleton
class ConfirmationHandler extends RegistrationMailHandler {

    static final String KIND = "registration:confirmation";

    ConfirmationHandler(Mailbox mailbox) {
        super(mailbox, KIND, MailKind.CONFIRMATION, Templates::confirmation);
    }

    @CheckedTemplate(basePath = "mail")
    static class Templates {
        static native TemplateInstance confirmation(MailContext facts);
    }
}
