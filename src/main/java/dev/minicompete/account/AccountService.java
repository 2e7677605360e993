package dev.minicompete.account;

import static java.util.Objects.requireNonNull;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.security.HashingExecutor;
import dev.minicompete.platform.security.PasswordHash;
import dev.minicompete.platform.security.Role;
import dev.minicompete.platform.security.TokenIssuer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sign-up, log-in and look-up of accounts. */
@ApplicationScoped
public class AccountService {

    private final UserRepository users;
    private final HashingExecutor hashing;
    private final LoginThrottle throttle;
    private final TokenIssuer tokens;
    private final Clock clock;
    private final LoginMetrics metrics;

    AccountService(
            UserRepository users,
            HashingExecutor hashing,
            LoginThrottle throttle,
            TokenIssuer tokens,
            Clock clock,
            LoginMetrics metrics) {
        this.users = users;
        this.hashing = hashing;
        this.throttle = throttle;
        this.tokens = tokens;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Creates an account and its first session from a request without nulls. Fails with {@code email-taken}. */
    public Uni<Session> signUp(SignupRequest request) {
        return hashing.run(() -> PasswordHash.of(requireNonNull(request.password())))
                .map(hash -> newUser(request, hash))
                .flatMap(user -> Database.withTransaction(() -> users.insert(user)))
                .map(this::newSession);
    }

    /**
     * Creates a session. An unknown e-mail address and a wrong password take the same time and fail alike, with
     * {@code bad-credentials}. Fails with {@code too-many-requests} while log-ins to the account or from the client's address are
     * limited.
     *
     * @param request as {@link LoginRequest#checked} returns it
     * @param clientAddress an IP address
     */
    public Uni<Session> logIn(LoginRequest request, String clientAddress) {
        var email = requireNonNull(request.email());
        var password = requireNonNull(request.password());
        return throttle.requireNotLimited(email, clientAddress)
                .flatMap(admitted -> Database.withSession(() -> users.findByEmail(email)))
                .flatMap(user -> hashing.run(() -> matches(password, user))
                        .flatMap(matches -> matches
                                ? throttle.requireNotLimited(email, clientAddress)
                                        .replaceWith(user)
                                : rejectLogin(email, clientAddress).replaceWith(user)))
                .onItemOrFailure()
                .invoke((user, failure) -> metrics.count(failure))
                .map(this::newSession);
    }

    /** Finds the account of a token. Fails with {@code invalid-token} when it is gone. */
    public Uni<Account> find(UUID id) {
        return Database.withSession(() -> users.findById(id))
                .onItem()
                .ifNull()
                .failWith(ProblemException::invalidToken)
                .map(Account::of);
    }

    private Session newSession(User user) {
        var account = Account.of(user);
        return new Session(
                tokens.sign(account.id(), account.role()),
                "Bearer",
                tokens.lifetime().toSeconds(),
                account);
    }

    private User newUser(SignupRequest request, String passwordHash) {
        var user = new User();
        user.id = UuidCreator.getTimeOrderedEpoch();
        user.name = requireNonNull(request.name());
        user.email = requireNonNull(request.email());
        user.role = Role.of(requireNonNull(request.role())).orElseThrow();
        user.passwordHash = passwordHash;
        user.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return user;
    }

    private static boolean matches(String password, @Nullable User user) {
        return PasswordHash.matches(password, user == null ? PasswordHash.UNMATCHABLE : user.passwordHash)
                && user != null;
    }

    private Uni<?> rejectLogin(String email, String clientAddress) {
        return throttle.recordFailure(email, clientAddress)
                .onItem()
                .failWith(() -> ProblemException.of(
                        ProblemType.BAD_CREDENTIALS, "The e-mail address or the password is wrong."));
    }
}
