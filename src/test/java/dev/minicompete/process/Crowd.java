package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Participants who all want a seat in one competition, some at a time. Each has one key and asks, wherever it is told to, until
 * its request is decided, as a well-made client does.
 */
final class Crowd implements AutoCloseable {

    private static final int AT_A_TIME = 24;

    private final Cluster cluster;
    private final UUID competition;
    private final List<UUID> participants;
    private final ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME);
    private final List<Future<?>> requests = new ArrayList<>();
    private final ConcurrentHashMap<UUID, List<Reply>> replies = new ConcurrentHashMap<>();
    private final AtomicInteger decided = new AtomicInteger();

    Crowd(Cluster cluster, UUID competition, int size) {
        this.cluster = cluster;
        this.competition = competition;
        this.participants = cluster.database().createParticipants(size);
    }

    /** Starts asking, each time at the address that is named then. */
    Crowd start(Supplier<URI> api) {
        participants.forEach(participant -> requests.add(executor.submit(() -> askUntilDecided(participant, api))));
        return this;
    }

    private void askUntilDecided(UUID participant, Supplier<URI> api) {
        while (!ask(participant, api.get())) {
            pause();
        }
        decided.incrementAndGet();
    }

    private boolean ask(UUID participant, URI api) {
        var reply = Http.register(api, competition, cluster.tokens().participant(participant), key(participant));
        replies.computeIfAbsent(participant, nobody -> Collections.synchronizedList(new ArrayList<>()))
                .add(reply);
        return !reply.isUndecided();
    }

    /** What Retry-After asks for, in short. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String key(UUID participant) {
        return "key-" + participant;
    }

    /** How many know what became of their request. */
    int decided() {
        return decided.get();
    }

    /** Waits until everybody knows. */
    void awaitDecided(Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        for (var request : requests) {
            try {
                request.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError(
                        decided + " of " + participants.size() + " are decided after " + patience + "; " + statuses(),
                        e);
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private List<Integer> statuses() {
        return all().stream().map(Reply::status).distinct().toList();
    }

    /** Every answer of everybody. */
    Collection<Reply> all() {
        return replies.values().stream()
                .flatMap(list -> List.copyOf(list).stream())
                .toList();
    }

    /** Those who got a registration. */
    long registered() {
        return firstRegistrations().size();
    }

    /** What each of those who got a registration was told when they were told first. */
    List<Reply> firstRegistrations() {
        return replies.values().stream()
                .flatMap(list -> List.copyOf(list).stream()
                        .filter(reply -> reply.status() == 201)
                        .limit(1))
                .toList();
    }

    /** Everybody asks once more with the same key: who was told of a registration is told the same, to the byte. */
    void assertAnswersHold(Supplier<URI> api) {
        replies.forEach((participant, list) -> {
            if (list.stream().anyMatch(reply -> reply.status() == 201)) {
                requests.add(executor.submit(() -> askUntilDecided(participant, api)));
            }
        });
        awaitDecided(Duration.ofSeconds(60));
        var ids = new HashSet<UUID>();
        for (var list : replies.values()) {
            var registrations =
                    list.stream().filter(reply -> reply.status() == 201).toList();
            if (!registrations.isEmpty()) {
                ids.add(registrations.get(0).id());
                assertThat(registrations)
                        .extracting(Reply::body)
                        .containsOnly(registrations.get(0).body());
                assertThat(list.get(list.size() - 1).status()).isEqualTo(201);
                assertThat(list.get(list.size() - 1).replayed()).isTrue();
            }
        }
        new Oracle(cluster.database(), competition).assertEveryAnswerIsARow(ids);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
