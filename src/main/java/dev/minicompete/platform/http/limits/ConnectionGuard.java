package dev.minicompete.platform.http.limits;

import dev.minicompete.platform.http.problem.UnroutedErrors;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Adds a {@link ConnectionDeadline} before the HTTP codec of each connection that is accepted, and {@link UnroutedErrors} and
 * {@link ForwardedHeaders} behind it. Neither Vert.x nor Quarkus lets an application add handlers there. Netty loads this class as a
 * service once {@link #install} was called, which is in production only.
 */
@RegisterForReflection
public final class ConnectionGuard extends ChannelInitializerExtension {

    private static final ForwardedHeaders FORWARDED_HEADERS = new ForwardedHeaders();

    private final Duration patience;

    /** Called by Netty. */
    public ConnectionGuard() {
        patience = ConfigProvider.getConfig()
                .unwrap(SmallRyeConfig.class)
                .getConfigMapping(HttpLimitsConfig.class)
                .clientPatience();
    }

    /** Makes Netty load this class; to be called before any server starts. */
    public static void install() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst(new FirstRead()).addFirst(new ConnectionDeadline(patience, System::nanoTime));
    }

    /** Adds the handlers behind the codec with the first read, since the codec does not exist earlier. */
    private static final class FirstRead extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var pipeline = context.pipeline();
            var codec = pipeline.context(HttpResponseEncoder.class);
            if (codec != null) {
                pipeline.addAfter(codec.name(), null, new UnroutedErrors())
                        .addAfter(codec.name(), null, FORWARDED_HEADERS);
            }
            pipeline.remove(this);
            context.fireChannelRead(message);
        }
    }
}
