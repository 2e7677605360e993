package dev.minicompete.testing;

import org.eclipse.microprofile.context.spi.ContextManagerProvider;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Initializes MicroProfile Context Propagation, which Mutiny uses, before the first test. Quarkus does it at its start; tests without
 * Quarkus would do it at first use, and of two threads that do so at once one fails with "ContextManagerProvider already set".
 */
public final class ContextPropagationInitializer implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ContextManagerProvider.instance();
    }
}
