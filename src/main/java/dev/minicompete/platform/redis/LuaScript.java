package dev.minicompete.platform.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
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

    /** The command that runs the script on these keys, which must lie in one slot of a cluster. */
    public Request request(List<String> keys, Object... arguments) {
        return request(StandardCharsets.UTF_8, keys, arguments);
    }

    /** The same, with keys and arguments in this charset. */
    public Request request(Charset charset, List<String> keys, Object... arguments) {
        var request = Request.cmd(Command.EVAL).arg(text).arg(keys.size());
        for (var key : keys) {
            request.arg(key.getBytes(charset));
        }
        for (var argument : arguments) {
            request.arg(argument.toString().getBytes(charset));
        }
        return request;
    }
}
