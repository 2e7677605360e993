package dev.minicompete.platform.postgres;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Fails a connection on which a response is due and nothing arrives in time. Vert.x's idle timeout cannot be used: it closes the connection
 * without failing the pending commands, and it counts the idle time before a command was sent.
 */
final class ResponseTimeoutHandler extends IdleStateHandler {

    private boolean responseDue;

    /** A handler for a connection on which no response is due yet. */
    ResponseTimeoutHandler(Duration timeout) {
        super(0, 0, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void write(ChannelHandlerContext channel, Object message, ChannelPromise promise) throws Exception {
        responseDue = true;
        super.write(channel, message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) throws Exception {
        responseDue = false;
        super.channelRead(channel, message);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext channel, IdleStateEvent event) {
        if (responseDue) {
            // The client fails the pending commands and closes. It also prints the exception, without need for a stack
            // trace.
            var timeout = new IOException("PostgreSQL is silent");
            timeout.setStackTrace(new StackTraceElement[0]);
            channel.fireExceptionCaught(timeout);
        }
    }
}
