package dev.minicompete.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Invalid values for the properties of a schema, as JSON. */
final class WrongValues {

    /** Texts that may have several lines, or be blank. */
    private static final Set<String> BLOCKS = Set.of("description", "note", "password");

    private static final String HUGE = "9".repeat(2_000);

    private static final List<String> NO_TEXT = List.of(
            "5",
            "-0.0",
            "1e999",
            HUGE,
            "true",
            "false",
            "{}",
            "{\"a\":1}",
            "[]",
            "[\"x\"]",
            "[[\"x\"]]",
            "\"\\u0000\"",
            "\"a\\u0000b\"",
            "\"\\ud800\"",
            "\"a\\udc00\"",
            "\"\\udc00\\ud800\"",
            "\"\\ud800x\"");

    /** One-line texts contain no control characters and at least one visible character. */
    private static final List<String> NO_LINE = List.of(
            "\"\"",
            "\"  \"",
            "\"\\u3000\\u00a0\"",
            "\"a\\nb\"",
            "\"a\\rb\"",
            "\"a\\tb\"",
            "\"a\\u001bb\"",
            "\"a\\u007fb\"",
            "\"a\\u0085b\"",
            "\"a\\u2028b\"",
            "\"a\\u200eb\"",
            "\"a\\u202eb\"",
            "\"a\\u2066b\"",
            "\"a\u202eb\"",
            "\"\\u200b\"",
            "\"\\u200d\\u2060\"",
            "\"\\u00ad\"",
            "\"\\u0301\"",
            "\"\\u3164\"");

    private static final List<String> NO_ADDRESS = List.of(
            "\"alice\"",
            "\"alice@\"",
            "\"@example.com\"",
            "\"a b@example.com\"",
            "\"a@b@example.com\"",
            "\"\uff41lice@example.com\"",
            "\"\u0430lice@example.com\"",
            "\"alice@ex\u0430mple.com\"",
            "\"alice@example.com\\u0000\"",
            "\"alice@example.com\\r\\nBcc: eve@example.com\"",
            "\"al\\u200bice@example.com\"",
            "\"e\u0301va@example.com\"",
            "\"\u00e9va@example.com\"",
            "\"\u212aate@example.com\"",
            "\"" + "a".repeat(65) + "@example.com\"",
            "\"a@" + "b.".repeat(126) + "com\"");

    private static final List<String> NO_TIMESTAMP = List.of(
            "5",
            "1893456000000",
            "true",
            "{}",
            "[]",
            "[2030,1,1]",
            "\"\"",
            "\" \"",
            "\"tomorrow\"",
            "\"2030-11-20\"",
            "\"2030-11-20T23:59:59\"",
            "\"2030-11-20T23:59Z\"",
            "\"2030-02-30T00:00:00Z\"",
            "\"2031-02-29T00:00:00Z\"",
            "\"2030-13-01T00:00:00Z\"",
            "\"2030-00-01T00:00:00Z\"",
            "\"2030-11-31T00:00:00Z\"",
            "\"2030-11-20T24:00:01Z\"",
            "\"2030-11-20T25:00:00Z\"",
            "\"2030-11-20T23:60:00Z\"",
            "\"2030-11-20T23:59:61Z\"",
            "\"294277-01-01T00:00:00Z\"",
            "\"+294277-01-01T00:00:00Z\"",
            "\"10000-01-01T00:00:00Z\"",
            "\"0000-01-01T00:00:00Z\"",
            "\"-0001-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59-00:01\"",
            "\"2030-11-20T23:59:59+5:30\"",
            "\"2030-11-20T23:59:59+0530\"",
            "\"2030-11-20T23:59:59+24:00\"",
            "\"2030-11-20T23:59:59+05:60\"",
            "\"2030-11-20T23:59:59 Z\"",
            "\"2030-11-20T23:59:59Z[Europe/Berlin]\"",
            "\"2030-11-20T23:59:59Europe/Berlin\"",
            "\"2030-11-20T23:59:59ZZ\"",
            "\"20301120T235959Z\"",
            "\"2030-324T23:59:59Z\"",
            "\"2030-W47-3T00:00:00Z\"",
            "\"2030-11-20T23:59:59.Z\"",
            "\"\uff12030-11-20T23:59:59Z\"",
            "\"2030-11-20T23:59:59Z\\u0000\"",
            "\"2030/11/20T23:59:59Z\"",
            "\"2030-11-20t23:59:59\"",
            "\"" + "2".repeat(2_000) + "\"");

    private static final List<String> NO_INTEGER = List.of(
            "\"50\"",
            "\"\"",
            "1.5",
            "50.0",
            "5e1",
            "1e999",
            "-1e999",
            "1E-5",
            "0",
            "-1",
            "-0",
            "1000001",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            HUGE,
            "-" + HUGE,
            "1." + HUGE,
            "true",
            "false",
            "[]",
            "[1]",
            "{}");

    private static final List<String> NO_BOOLEAN =
            List.of("0", "1", "\"true\"", "\"false\"", "\"\"", "\"yes\"", "[]", "[true]", "{}", "1.0");

    private static final List<String> NO_TAGS = List.of(
            "\"x\"",
            "\"\"",
            "5",
            "true",
            "{}",
            "{\"0\":\"x\"}",
            "[5]",
            "[true]",
            "[null]",
            "[[]]",
            "[[\"x\"]]",
            "[{}]",
            "[\"\"]",
            "[\" \"]",
            "[\"a\\nb\"]",
            "[\"\\u0000\"]",
            "[\"\\ud800\"]",
            "[\"a\\u202eb\"]",
            "[\"\\u200b\"]");

    private WrongValues() {}

    /** Invalid values of this property. */
    static List<String> of(String name, JsonNode schema, boolean required) {
        var values = new ArrayList<String>();
        if (required) {
            values.add("null");
        }
        if (isTimestamp(schema)) {
            values.addAll(NO_TIMESTAMP);
        } else if (is(schema, "string")) {
            values.addAll(NO_TEXT);
            if (!BLOCKS.contains(name)) {
                values.addAll(NO_LINE);
            }
            if (schema.has("enum")) {
                values.addAll(List.of("\"admin\"", "\"ORGANIZER\"", "\"organizer,participant\""));
            }
            if ("email".equals(schema.path("format").asText())) {
                values.addAll(NO_ADDRESS);
            }
            if (schema.has("maxLength")) {
                values.add(text("x".repeat(schema.path("maxLength").asInt() + 1)));
                values.add(text("\ud83d\ude00".repeat(schema.path("maxLength").asInt() + 1)));
            }
        } else if (is(schema, "integer")) {
            values.addAll(NO_INTEGER);
        } else if (is(schema, "boolean")) {
            values.addAll(NO_BOOLEAN);
        } else if (is(schema, "array")) {
            values.addAll(NO_TAGS);
            values.add("[" + text("x".repeat(31)) + "]");
            values.add("[" + "\"x\",".repeat(10) + "\"y\"]");
        } else {
            throw new AssertionError("Nobody has said yet what " + name + " may not be: " + schema);
        }
        return values;
    }

    private static String text(String text) {
        return new TextNode(text).toString();
    }

    private static boolean isTimestamp(JsonNode schema) {
        return schema.toString().contains("schemas/Instant");
    }

    private static boolean is(JsonNode schema, String type) {
        var types = schema.path("type");
        return types.isArray()
                ? types.toString().contains('"' + type + '"')
                : types.asText().equals(type);
    }
}
