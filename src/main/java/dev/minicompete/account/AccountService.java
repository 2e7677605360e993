package dev.minicompete.account;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.security.AccessTokens;
import dev.minicompete.platform.security.HashingExecutor;
import dev.minicompete.platform.security.PasswordHash;
import dev.minicompete.platform.security.Role;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Signing up, logging in, and who one is. */
@ApplicationScoped
public class AccountService {

    private final UserRepository users;
    private final HashingExecutor crypto;
    private final LoginThrottle throttle;
    private final AccessTokens tokens;
    private final Clock clock;
    private final LoginMetrics metrics;

    AccountService(
            UserRepository users,
            HashingExecutor crypto,
            LoginThrottle throttle,
            AccessTokens tokens,
            Clock clock,
            LoginMetrics metrics) {
        this.users = users;
        this.crypto = crypto;
        this.throttle = throttle;
        this.tokens = tokens;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Creates an account and opens its first session; fails with {@code email-taken}. */
    public Uni<Session> signUp(SignupRequest request) {
        return crypto.run(() -> PasswordHash.of(request.password()))
                .map(hash -> newUser(request, hash))
                .flatMap(user -> Database.withTransaction(() -> users.insert(user)))
                .map(this::openSession);
    }

    /** Opens a session; takes as long, and answers the same, for an unknown address and for a wrong password. */
    public Uni<Session> logIn(LoginRequest request, String address) {
        return throttle.admit(request.email(), address)
                .flatMap(admitted -> Database.withSession(() -> users.findByEmail(request.email())))
                .flatMap(user -> crypto.run(() -> matches(request.password(), user))
                        .flatMap(matches -> matches
                                ? throttle.admit(request.email(), address).replaceWith(user)
                                : refuse(request.email(), address).replaceWith(user)))
                .onItemOrFailure()
                .invoke((user, failure) -> metrics.count(failure))
                .map(this::openSession);
    }

    /** The account; fails with {@code invalid-token} when it is gone, since only a token leads here. */
    public Uni<Account> find(UUID id) {
        return Database.withSession(() -> users.findById(id))
                .onItem()
                .ifNull()
                .failWith(ProblemException::invalidToken)
                .map(Account::of);
    }

    private Session openSession(User user) {
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
        user.name = request.name();
        user.email = request.email();
        user.role = Role.of(request.role()).orElseThrow();
        user.passwordHash = passwordHash;
        user.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return user;
    }

    private static boolean matches(String password, User user) {
        return PasswordHash.matches(password, user == null ? PasswordHash.OF_NOBODY : user.passwordHash)
                && user != null;
    }

    private Uni<?> refuse(String email, String address) {
        return throttle.failed(email, address)
                .onItem()
                .failWith(() -> ProblemException.of(
                        ProblemType.BAD_CREDENTIALS, "The e-mail address or the password is wrong."));
    }
}
