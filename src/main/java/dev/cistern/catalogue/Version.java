package dev.cistern.catalogue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of an engine's image.
 *
 * @param major first number; a change of it is a major upgrade
 * @param minor second number
 * @param patch third number, 0 for engines that count with two
 * @param build how often Cistern has built this version
 */
public record Version(int major, int minor, int patch, int build) implements Comparable<Version> {
    private static final Pattern READABLE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})-(\\d{1,4})");
    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::patch)
            .thenComparingInt(Version::build);

    /**
     * Reads {@code major.minor.patch-build}.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    @JsonCreator
    public static Version parse(String readable) {
        Matcher m = READABLE.matcher(readable);
        if (!m.matches()) {
            throw new IllegalArgumentException("not a version (major.minor.patch-build): " + readable);
        }
        return new Version(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(3)),
                Integer.parseInt(m.group(4)));
    }

    /** {@code major.minor.patch-build}. */
    @JsonValue
    public String readable() {
        return "%d.%d.%d-%d".formatted(major, minor, patch, build);
    }

    /** Whether what a user wrote ({@code 17}, {@code 17.12}, {@code 17.12.0} or all of it) names this version. */
    public boolean matches(String wanted) {
        String all = readable();
        return all.equals(wanted) || all.startsWith(wanted + ".") || all.startsWith(wanted + "-");
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return readable();
    }
}
