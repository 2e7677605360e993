package dev.minicompete.account;

import dev.minicompete.platform.maintenance.PurgeStep;
import jakarta.inject.Singleton;

/** Deletes counts of failed log-ins that no longer limit a log-in. */
@Singleton
class LoginFailurePurge implements PurgeStep {

    @Override
    public String rows() {
        return "log-in failures";
    }

    @Override
    public String statement() {
        return """
                DELETE FROM login_failures WHERE subject = ANY (ARRAY (
                    SELECT subject FROM login_failures WHERE since < now() - interval '1 day' ORDER BY since LIMIT $1))
                """;
    }

    @Override
    public boolean hasAge() {
        return false;
    }
}
