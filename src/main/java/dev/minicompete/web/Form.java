package dev.minicompete.web;

import dev.minicompete.http.Parameters;
import jakarta.enterprise.context.RequestScoped;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/** The fields of the form that was sent, by name and in their order; of several with one name the first. */
@RequestScoped
class Form {

    private final Map<String, String> fields = new LinkedHashMap<>();

    void read(ResteasyReactiveContainerRequestContext request) {
        var data = ((ResteasyReactiveRequestContext) request.getServerRequestContext()).getFormData();
        if (data != null) {
            // Browsers send every line break as CR LF, whatever was typed.
            data.forEach(name -> fields.put(name, data.getFirst(name).getValue().replace("\r\n", "\n")));
        }
    }

    /** Refuses what no text can have. */
    void check() {
        fields.forEach(Parameters::text);
    }

    /** The field, or null when there is none. */
    String text(String name) {
        return fields.get(name);
    }

    /** The field without surrounding white space, or null when there is none or nothing in it. */
    String filled(String name) {
        var text = fields.get(name);
        return text == null || text.isBlank() ? null : text.strip();
    }

    Map<String, String> fields() {
        return Collections.unmodifiableMap(fields);
    }
}
