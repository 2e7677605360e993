package dev.minicompete.platform.redis;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.RedisAPI;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A script that Redis runs atomically, from a file in {@code lua}. Each call sends the whole text: the scripts are short, and a Redis that
 * was flushed or replaced does not know their digests.
 */
public final class LuaScript {

    private final String text;

    /**
     * Reads the script from the file of this name.
     *
     * @throws UncheckedIOException when it cannot be read
     */
    public LuaScript(String name) {
        try (var file = LuaScript.class.getResourceAsStream("/lua/" + name)) {
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Runs the script on these keys, which must lie in one slot of a cluster. */
    public Uni<Response> run(RedisAPI redis, List<String> keys, Object... arguments) {
        return redis.eval(words(keys, arguments));
    }

    /** The command that runs the script on these keys, which must lie in one slot of a cluster. */
    public Request request(List<String> keys, Object... arguments) {
        var request = Request.cmd(Command.EVAL);
        words(keys, arguments).forEach(request::arg);
        return request;
    }

    private List<String> words(List<String> keys, Object... arguments) {
        var words = new ArrayList<String>();
        words.add(text);
        words.add(Integer.toString(keys.size()));
        words.addAll(keys);
        for (var argument : arguments) {
            words.add(argument.toString());
        }
        return words;
    }
}
