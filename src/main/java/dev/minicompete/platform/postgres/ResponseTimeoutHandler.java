package dev.minicompete.platform.postgres;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Gives up a connection that owes an answer and is silent. Vert.x's own idle timeout does not serve: it closes without
 * failing the commands that wait, and it takes the time before a command was sent for silence.
 */
final class ResponseTimeoutHandler extends IdleStateHandler {

    private boolean owed;

    /** For a connection that owes nothing yet. */
    ResponseTimeoutHandler(Duration patience) {
        super(0, 0, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) throws Exception {
        owed = true;
        super.write(channel, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) throws Exception {
        owed = false;
        super.channelRead(channel, message);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext channel, IdleStateEvent event) {
        if (owed) {
            // The client fails what waits and closes; it also prints the exception, of which the first line says all.
            var silence = new IOException("PostgreSQL is silent");
            silence.setStackTrace(new StackTraceElement[0]);
            channel.fireExceptionCaught(silence);
        }
    }
}
