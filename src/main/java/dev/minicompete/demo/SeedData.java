package dev.minicompete.demo;

import dev.minicompete.account.AccountService;
import dev.minicompete.account.SignupRequest;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.platform.security.Role;
import dev.minicompete.registration.RegisterCommand;
import dev.minicompete.registration.RegistrationService;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Creates demo data at the start: two organizers, five competitions and five participants, once. */
@ApplicationScoped
class SeedData {

    private static final Logger LOG = Logger.getLogger(SeedData.class);

    private static final String PASSWORD = "password123";
    private static final IdempotencyKey KEY = new IdempotencyKey("seed");

    private final SeedConfig config;
    private final AccountService accounts;
    private final RegistrationService registrations;
    private final SeedRepository repository;

    SeedData(SeedConfig config, AccountService accounts, RegistrationService registrations, SeedRepository repository) {
        this.config = config;
        this.accounts = accounts;
        this.registrations = registrations;
        this.repository = repository;
    }

    void seed(@Observes StartupEvent started) throws Throwable {
        if (config.data()) {
            VertxContextSupport.subscribeAndAwait(this::seed);
        }
    }

    private Uni<Void> seed() {
        return repository.isSeeded().flatMap(seeded -> seeded ? Uni.createFrom().voidItem() : seedAll());
    }

    private Uni<Void> seedAll() {
        var organizers = IntStream.rangeClosed(1, 2).mapToObj(number -> request(Role.ORGANIZER, "Organizer", number));
        var participants =
                IntStream.rangeClosed(1, 5).mapToObj(number -> request(Role.PARTICIPANT, "Participant", number));
        return Multi.createFrom()
                .items(Stream.concat(organizers, participants))
                .onItem()
                .transformToUniAndConcatenate(this::signUp)
                .collect()
                .last()
                .chain(repository::insertCompetitions)
                .chain(() -> Multi.createBy()
                        .concatenating()
                        .streams(repository.wishes("SQL Cup", 4), repository.wishes("Weekend Hackathon", 2))
                        .onItem()
                        .transformToUniAndConcatenate(this::register)
                        .collect()
                        .last())
                .invoke(() -> LOG.infof(
                        "Demo data is there: log in as organizer1@example.com or participant1@example.com with %s",
                        PASSWORD))
                .replaceWithVoid();
    }

    private static SignupRequest request(Role role, String name, int number) {
        return new SignupRequest(
                name + " " + number, "%s%d@example.com".formatted(role, number), PASSWORD, role.toString());
    }

    /** Another process that starts at the same time may be faster; then the account is there all the same. */
    private Uni<Void> signUp(SignupRequest request) {
        return accounts.signUp(request).replaceWithVoid().onFailure().recoverWithNull();
    }

    private Uni<Void> register(Tuple registration) {
        return registrations
                .register(new RegisterCommand(registration.getUUID(0), registration.getUUID(1), KEY, null))
                .replaceWithVoid();
    }
}
