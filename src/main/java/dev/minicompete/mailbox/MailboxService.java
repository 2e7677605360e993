package dev.minicompete.mailbox;

import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the mails of a user. Mails of others are treated as missing. */
@ApplicationScoped
public class MailboxService {

    private final MailRepository mails;

    MailboxService(MailRepository mails) {
        this.mails = mails;
    }

    /**
     * Finds a page of the user's mails, newest first.
     *
     * @param kind the kind to find; null for all
     */
    public Uni<MailboxResponse> list(UUID user, boolean unreadOnly, @Nullable MailKind kind, PageRequest page) {
        return mails.findOwn(user, unreadOnly, kind, page);
    }

    /** Finds a mail of the user; fails with {@code not-found}. */
    public Uni<MailView> find(UUID user, UUID id) {
        return mails.findOwn(user, id).onItem().ifNull().failWith(ProblemException::notFound);
    }

    /** Marks a mail of the user as read, unless it is read already; fails with {@code not-found}. */
    public Uni<Void> markRead(UUID user, UUID id) {
        return mails.markRead(user, id)
                .invoke(found -> {
                    if (!found) {
                        throw ProblemException.notFound();
                    }
                })
                .replaceWithVoid();
    }
}
