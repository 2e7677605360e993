package dev.minicompete.platform.vertx;

import io.netty.channel.SingleThreadEventLoop;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;

/**
 * One turn of an event loop, in which it reads what has arrived and runs the tasks that follow. Work that can be batched, or that no
 * request waits for, is best done at its end.
 */
public final class EndOfTurn {

    private EndOfTurn() {}

    /** Runs the task on this context at the end of its event loop's current turn, or of its next turn when called from another thread. */
    public static void atEndOf(Context context, Runnable task) {
        var internal = (ContextInternal) context;
        var loop = internal.nettyEventLoop();
        if (!loop.inEventLoop()) {
            loop.execute(() -> atEndOf(context, task));
        } else {
            // Vert.x's event loops are of this type with every transport.
            ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(() -> internal.emit(task, Runnable::run));
        }
    }
}
