package dev.minicompete.platform.redis;

import io.vertx.redis.client.impl.types.ErrorType;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells a Redis that refuses this process, until somebody changes the configuration, from one that is away for a time. */
final class RedisRefusal {

    /** Replies to a log-in. Redis 6.2 and later send one of the first three, or that there is no password. */
    private static final Pattern LOGIN = Pattern.compile("\\b(WRONGPASS|NOAUTH|NOPERM)\\b|ERR AUTH\\b");

    private RedisRefusal() {}

    /** The variable and the reason, in one line; empty when the failure may pass by itself. */
    static Optional<String> describe(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var message = String.valueOf(cause.getMessage());
            if (isLogin(message)) {
                return Optional.of("REDIS_URL: " + line(message));
            }
            if (cause instanceof GeneralSecurityException) {
                return Optional.of("REDIS_URL or REDIS_SSL_ROOT_CERT: " + line(message));
            }
        }
        return Optional.empty();
    }

    /** Whether the failure is an error reply to a command, from a Redis that is there and has accepted the log-in. */
    static boolean isErrorReply(Throwable failure) {
        return failure instanceof ErrorType && !isLogin(String.valueOf(failure.getMessage()));
    }

    private static boolean isLogin(String message) {
        return LOGIN.matcher(message).find();
    }

    private static String line(String message) {
        return message.strip().replaceAll("\\s+", " ");
    }
}
