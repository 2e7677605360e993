package dev.minicompete.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table: what was measured, what was wanted, and whether it was reached. */
final class Figures {

    private record Figure(String name, String value, String target, Boolean reached) {}

    private final List<Figure> figures = new ArrayList<>();

    /** A figure that has no target. */
    void add(String name, String format, Object... values) {
        add(new Figure(name, String.format(Locale.ROOT, format, values), "", null));
    }

    /** A figure with its target in words. */
    void add(String name, String value, String target, boolean reached) {
        add(new Figure(name, value, target, reached));
    }

    /** A ratio that should be at least so much. */
    void compare(String name, double ratio, double least) {
        add(name, String.format(Locale.ROOT, "%.2f", ratio), "≥ " + least, ratio >= least);
    }

    private void add(Figure figure) {
        figures.add(figure);
        System.out.println("  " + row(figure));
    }

    /** As Markdown. */
    String table() {
        var table = new StringBuilder("| | measured | target |\n|---|---|---|\n");
        figures.forEach(figure -> table.append(row(figure)).append('\n'));
        return table.toString();
    }

    private static String row(Figure figure) {
        var mark = figure.reached == null ? "" : figure.reached ? " ✓" : " **missed**";
        return "| " + figure.name + " | " + figure.value + " | " + figure.target + mark + " |";
    }
}
