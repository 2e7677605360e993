package dev.minicompete.platform.vertx;

import io.netty.channel.SingleThreadEventLoop;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;

/**
 * One turn of an event loop: what has arrived is read, and whatever follows from it is done. What nobody waits for, or what
 * is better done once for all, comes at the end of it.
 */
public final class EventLoopTurn {

    private EventLoopTurn() {}

    /** Runs the task on this context when its event loop has done the rest of this turn, or of its next one. */
    public static void atEndOf(Context context, Runnable task) {
        var internal = (ContextInternal) context;
        var loop = internal.nettyEventLoop();
        if (!loop.inEventLoop()) {
            loop.execute(() -> atEndOf(context, task));
        } else {
            // As all of Vert.x's loops are, whatever the transport.
            ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(() -> internal.emit(task, Runnable::run));
        }
    }
}
