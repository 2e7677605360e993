package dev.minicompete.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A statement that PostgreSQL ran, with the plan it took.
 *
 * @param sql as the application sent it
 */
record ExplainedStatement(String sql, JsonNode plan) {

    /** Pages of 8 KiB that it touched, in memory or not; the honest measure of its work, since it knows no weather. */
    long buffers() {
        // What writes beside the main query runs after it, and is not among its pages.
        return pages(plan)
                + nodes().stream()
                        .filter(node -> node != plan && is(node, "ModifyTable"))
                        .mapToLong(ExplainedStatement::pages)
                        .sum();
    }

    /** Rows that it returned or, where it returns none, wrote. */
    long rows() {
        return nodes().stream()
                .filter(node -> node == plan || is(node, "ModifyTable"))
                .flatMap(node -> is(node, "ModifyTable")
                        ? Stream.of(node, node.get("Plans").get(0))
                        : Stream.of(node))
                .mapToLong(node -> node.get("Actual Rows").asLong())
                .max()
                .orElseThrow();
    }

    /** The tables of which it read every row, without the one that has a row for each kind of scheduled work. */
    List<String> scanned() {
        return nodes().stream()
                .filter(node -> is(node, "Seq Scan"))
                .map(node -> node.get("Relation Name").asText())
                .filter(table -> !table.equals("scheduled_runs"))
                .toList();
    }

    private List<JsonNode> nodes() {
        var nodes = new ArrayList<>(List.of(plan));
        for (var i = 0; i < nodes.size(); i++) {
            var children = nodes.get(i).path("Plans");
            StreamSupport.stream(children.spliterator(), false).forEach(nodes::add);
        }
        return nodes;
    }

    private static boolean is(JsonNode node, String type) {
        return node.get("Node Type").asText().equals(type);
    }

    private static long pages(JsonNode node) {
        return node.path("Shared Hit Blocks").asLong()
                + node.path("Shared Read Blocks").asLong();
    }

    @Override
    public String toString() {
        return sql + "\n" + plan.toPrettyString();
    }
}
