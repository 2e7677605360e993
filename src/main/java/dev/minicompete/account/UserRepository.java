package dev.minicompete.account;

import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and inserts accounts. */
@ApplicationScoped
class UserRepository implements PanacheRepositoryBase<User, UUID> {

    private static final String FIND_BY_EMAIL =
            "SELECT id, name, email, role, password_hash, created_at FROM users WHERE email = :email";

    /** Finds the account with this e-mail address; null when there is none. */
    Uni<@Nullable User> findByEmail(String email) {
        return Panache.getSession()
                .flatMap(session -> session.createNativeQuery(FIND_BY_EMAIL, User.class)
                        .setParameter("email", email)
                        .getSingleResultOrNull());
    }

    /** Inserts an account. Fails with {@code email-taken} when another one, perhaps of a concurrent request, has the address. */
    Uni<User> insert(User user) {
        return persistAndFlush(user)
                .onFailure(failure -> Failures.isDuplicate(failure, "users_email_key"))
                .transform(failure -> ProblemException.of(
                        ProblemType.EMAIL_TAKEN, "There is an account with this e-mail address already."));
    }
}
