package dev.minicompete.platform.bootstrap;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/**
 * The one source of now inside the process. Deadlines are not its business: the database's clock decides those, since
 * many processes share one database.
 */
class ClockProducer {

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
