package dev.cistern.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a client wants changed of a Database: the values by their place in the spec. Names the contract does not have are
 * ignored, as existing clients send them.
 *
 * @param values new values by JSON pointer into the spec
 */
record DatabaseChange(Map<String, JsonNode> values) {
    static final String BACKUPS_ENABLED = "/periodicBackups/enabled";
    static final String BACKUPS_AT = "/periodicBackups/scheduledAt";
    static final String WINDOW_DAY = "/maintenanceWindow/weekdayUtc";
    static final String WINDOW_HOUR = "/maintenanceWindow/startingHourUtc";

    private static final Map<String, String> REST_NAMES = Map.of(
            BACKUPS_ENABLED, "periodic_backups_enabled",
            BACKUPS_AT, "periodic_backups_scheduled_at",
            WINDOW_DAY, "maintenance_window.weekday_utc",
            WINDOW_HOUR, "maintenance_window.starting_hour_utc");

    private static final int LAST_HOUR = 23;
    private static final int LAST_DAY = 6;
    private static final String HOURS = "must be an hour from 0 to 23, or a list of different ones";

    /**
     * Reads the body of an update.
     *
     * @throws Refusal naming every field that is wrong
     */
    static DatabaseChange of(JsonNode body) {
        JsonNode database = body.path("database");
        if (!database.isObject()) {
            throw Refusal.invalid("database", "must be an object");
        }
        Reading reading = new Reading(new LinkedHashMap<>(), new TreeMap<>());
        reading.enabled(database.path("periodic_backups_enabled"));
        reading.hours(database.path("periodic_backups_scheduled_at"));
        reading.window(database.path("maintenance_window"));
        if (!reading.errors().isEmpty()) {
            throw Refusal.invalid(reading.errors());
        }
        return new DatabaseChange(reading.values());
    }

    /** The name that clients know a field of the spec by; its own name when they know none. */
    static String restName(String pointer) {
        return REST_NAMES.getOrDefault(pointer, "spec" + pointer.replace('/', '.'));
    }

    /** Only what differs from this spec. */
    DatabaseChange against(JsonNode spec) {
        Map<String, JsonNode> different = new LinkedHashMap<>(values);
        different.entrySet().removeIf(e -> spec.at(e.getKey()).equals(e.getValue()));
        return new DatabaseChange(different);
    }

    /** Writes the values into a spec. */
    void into(ObjectNode spec) {
        values.forEach((pointer, value) -> {
            String[] steps = pointer.substring(1).split("/", -1);
            spec.withObjectProperty(steps[0]).set(steps[1], value);
        });
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    private record Reading(Map<String, JsonNode> values, Map<String, List<String>> errors) {
        void enabled(JsonNode given) {
            if (given.isBoolean()) {
                values.put(BACKUPS_ENABLED, given);
            } else if (isGiven(given)) {
                wrong(BACKUPS_ENABLED, "must be true or false");
            }
        }

        /** Some clients send one hour and some a list. */
        void hours(JsonNode given) {
            if (!isGiven(given)) {
                return;
            }
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            Set<Integer> seen = new HashSet<>();
            for (JsonNode hour : given.isArray() ? given : List.of(given)) {
                if (!isWithin(hour, LAST_HOUR) || !seen.add(hour.intValue())) {
                    wrong(BACKUPS_AT, HOURS);
                    return;
                }
                list.add(hour.intValue());
            }
            if (list.isEmpty()) {
                wrong(BACKUPS_AT, HOURS);
                return;
            }
            values.put(BACKUPS_AT, list);
        }

        void window(JsonNode given) {
            if (given.isObject()) {
                number(given.path("weekday_utc"), LAST_DAY, WINDOW_DAY);
                number(given.path("starting_hour_utc"), LAST_HOUR, WINDOW_HOUR);
            } else if (isGiven(given)) {
                errors.put("maintenance_window", List.of("must be an object"));
            }
        }

        private void number(JsonNode given, int last, String pointer) {
            if (isWithin(given, last)) {
                values.put(pointer, JsonNodeFactory.instance.numberNode(given.intValue()));
            } else if (isGiven(given)) {
                wrong(pointer, "must be a whole number from 0 to " + last);
            }
        }

        private void wrong(String pointer, String error) {
            errors.put(restName(pointer), List.of(error));
        }

        private static boolean isWithin(JsonNode number, int last) {
            return number.isIntegralNumber()
                    && number.canConvertToInt()
                    && number.intValue() >= 0
                    && number.intValue() <= last;
        }

        private static boolean isGiven(JsonNode value) {
            return !value.isMissingNode() && !value.isNull();
        }
    }
}
