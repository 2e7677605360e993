package dev.minicompete.mailbox;

import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Reading one's mail. Nobody learns of another's. */
@ApplicationScoped
public class MailboxService {

    private final MailRepository mails;

    MailboxService(MailRepository mails) {
        this.mails = mails;
    }

    /** A page of one's mail, newest first; of a kind, or of any where it is null. */
    public Uni<MailboxPage> list(UUID user, boolean unreadOnly, String kind, PageRequest page) {
        return mails.findOwn(user, unreadOnly, kind, page);
    }

    /** One's mail; fails with {@code not-found}. */
    public Uni<MailView> find(UUID user, UUID id) {
        return mails.findOwn(user, id).onItem().ifNull().failWith(ProblemException::notFound);
    }

    /** Marks one's mail as read, unless it was before; fails with {@code not-found}. */
    public Uni<Void> markRead(UUID user, UUID id) {
        return mails.markRead(user, id)
                .invoke(there -> {
                    if (!there) {
                        throw ProblemException.notFound();
                    }
                })
                .replaceWithVoid();
    }
}
