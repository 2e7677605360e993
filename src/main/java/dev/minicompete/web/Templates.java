package dev.minicompete.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The pages, each a file in {@code templates/web}; the build checks that they fit. */
@CheckedTemplate(basePath = "web")
final class Templates {

    private Templates() {}

    static native TemplateInstance home(CompetitionList list);

    static native TemplateInstance login(LoginForm form);

    static native TemplateInstance resume(Resume resume);

    static native TemplateInstance signup(SignupForm form);

    static native TemplateInstance error(String title, String detail, boolean again);
}
