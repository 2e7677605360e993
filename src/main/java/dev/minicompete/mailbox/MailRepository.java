package dev.minicompete.mailbox;

import dev.minicompete.http.Cursor;
import dev.minicompete.http.PageRequest;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

@ApplicationScoped
class MailRepository implements PanacheRepositoryBase<Mail, UUID> {

    private static final String OWN = "userId = :user";
    private static final String UNREAD = " and readAt is null";

    Uni<Mail> findOwn(UUID user, UUID id) {
        return find(OWN + " and id = :id", Map.of("user", user, "id", id)).firstResult();
    }

    /** The page, newest first, with the number of unread mails in the whole mailbox. */
    Uni<MailboxPage> findOwn(UUID user, boolean unreadOnly, String kind, PageRequest page) {
        var query = new StringBuilder(OWN);
        var parameters = new HashMap<String, Object>(Map.of("user", user));
        if (unreadOnly) {
            query.append(UNREAD);
        }
        if (kind != null) {
            query.append(" and kind = :kind");
            parameters.put("kind", kind);
        }
        if (page.after() != null) {
            query.append(" and (createdAt, id) < (:at, :id)");
            parameters.put("at", page.after().at());
            parameters.put("id", page.after().id());
        }
        query.append(" order by createdAt desc, id desc");
        return find(query.toString(), parameters)
                .range(0, page.rows() - 1)
                .list()
                .map(mails -> page.page(mails, mail -> new Cursor(mail.createdAt, mail.id), MailView::of))
                .flatMap(mails -> count(OWN + UNREAD, Map.of("user", user))
                        .map(unread -> new MailboxPage(mails.items(), mails.nextCursor(), unread)));
    }

    /** Marks a mail as read, by the database's clock, unless it was before. */
    Uni<Void> markRead(UUID user, UUID id) {
        return update("set readAt = instant where id = :id and " + OWN + UNREAD, Map.of("user", user, "id", id))
                .replaceWithVoid();
    }
}
