package dev.cistern.engine.redis;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Notes that the operator leaves in the running server, in its process title: what cannot be read back otherwise. They
 * are set live only and the start script drops them, so they tell of this run of the server and survive the operator's.
 *
 * @param saved fingerprint of the settings whose durable form is on the volume
 * @param logins fingerprint of the logins that were set
 * @param snapshot how many snapshots there were when one was asked for, while a change waits for it
 */
record Marks(Optional<String> saved, Optional<String> logins, OptionalLong snapshot) {
    /** The setting that holds them. */
    static final String NAME = "proc-title-template";

    static final Marks NONE = new Marks(Optional.empty(), Optional.empty(), OptionalLong.empty());

    private static final String TITLE = "{title} {listen-addr} {server-mode}";
    private static final Pattern SAVED = Pattern.compile(" saved:([0-9a-f]+)");
    private static final Pattern LOGINS = Pattern.compile(" logins:([0-9a-f]+)");
    private static final Pattern SNAPSHOT = Pattern.compile(" snapshot:([0-9]{1,18})");

    static Marks parse(String title) {
        OptionalLong snapshot = group(SNAPSHOT, title)
                .map(s -> OptionalLong.of(Long.parseLong(s)))
                .orElse(OptionalLong.empty());
        return new Marks(group(SAVED, title), group(LOGINS, title), snapshot);
    }

    private static Optional<String> group(Pattern pattern, String text) {
        Matcher m = pattern.matcher(text);
        return m.find() ? Optional.of(m.group(1)) : Optional.empty();
    }

    /** The process title that holds these marks. */
    String title() {
        return TITLE
                + saved.map(s -> " saved:" + s).orElse("")
                + logins.map(s -> " logins:" + s).orElse("")
                + (snapshot.isPresent() ? " snapshot:" + snapshot.getAsLong() : "");
    }

    /** The durable form of these settings is on the volume, and no change is under way. */
    Marks withSaved(Settings settings) {
        return new Marks(Optional.of(settings.fingerprint()), logins, OptionalLong.empty());
    }

    Marks withLogins(String fingerprint) {
        return new Marks(saved, Optional.of(fingerprint), snapshot);
    }

    Marks withSnapshot(long before) {
        return new Marks(saved, logins, OptionalLong.of(before));
    }

    Marks withoutSnapshot() {
        return new Marks(saved, logins, OptionalLong.empty());
    }

    boolean tellOf(Settings settings) {
        return saved.filter(settings.fingerprint()::equals).isPresent();
    }
}
