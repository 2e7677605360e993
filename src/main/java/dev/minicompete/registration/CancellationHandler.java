package dev.minicompete.registration;

import dev.minicompete.mailbox.MailKind;
import dev.minicompete.mailbox.Mailbox;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Singleton;

/** Tells participants that their registration is cancelled, as they wished. */
@Singleton
class CancellationHandler extends RegistrationMailHandler {

    static final String KIND = "registration:cancellation";

    CancellationHandler(Mailbox mailbox) {
        super(mailbox, KIND, MailKind.CANCELLATION, Templates::cancellation);
    }

    @CheckedTemplate(basePath = "mail")
    static class Templates {
        static native TemplateInstance cancellation(MailContext facts);
    }
}
