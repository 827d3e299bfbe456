package dev.cistern.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an action answered.
 *
 * @param value a record, a list of records, a string, or nothing; shown as JSON
 * @param truncated how many rows were left out
 */
public record ActionResult(@Nullable Object value, int truncated) {
    /** Most rows an action answers with. */
    public static final int MAX_ROWS = 500;

    /** Done, with nothing to say. */
    public static ActionResult done() {
        return new ActionResult(null, 0);
    }

    /** Done, with this answer. */
    public static ActionResult of(Object value) {
        return new ActionResult(value, 0);
    }

    /** Rows, cut at {@link #MAX_ROWS}. */
    public static ActionResult rows(List<?> rows) {
        int shown = Math.min(rows.size(), MAX_ROWS);
        return new ActionResult(List.copyOf(rows.subList(0, shown)), rows.size() - shown);
    }
}
