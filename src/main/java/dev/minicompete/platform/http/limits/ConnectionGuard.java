package dev.minicompete.platform.http.limits;

import dev.minicompete.platform.http.problem.UnroutedErrors;
import io.micrometer.core.instrument.Metrics;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Puts a {@link ConnectionDeadline} before the HTTP codec of each connection that comes in, and with it {@link UnroutedErrors}
 * and {@link Admission} behind: Vert.x and Quarkus let nobody in there. Netty finds this class as a service and makes one
 * of it, once {@link #install} was called, which is in production only.
 */
@RegisterForReflection
public final class ConnectionGuard extends ChannelInitializerExtension {

    private final ApiConfig config;
    private final AdmissionQueue admissions;

    /** For Netty. */
    public ConnectionGuard() {
        config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class).getConfigMapping(ApiConfig.class);
        admissions = new AdmissionQueue(config.boundOnRequests(), config.boundOnWaiting(), Metrics.globalRegistry);
    }

    /** Tells Netty to look for this class; to be called before any server starts. */
    public static void install() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst(new ConnectionDeadline(config, admissions));
    }
}
