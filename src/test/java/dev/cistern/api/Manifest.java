package dev.cistern.api;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of manifests that the API server must take or refuse. Comments at its top say how:
 *
 * <ul>
 *   <li>{@code # expect: TEXT}: it is refused, and the message holds this text;
 *   <li>{@code # operation: delete}: the object is created, and its deletion is what is tried.
 * </ul>
 *
 * Of two documents the first is created and the second, a change of it, is tried.
 *
 * @param name its path below the directory
 * @param expect part of the message; empty when it must pass
 * @param delete whether its deletion is tried
 * @param documents one or two objects
 */
record Manifest(String name, Optional<String> expect, boolean delete, List<GenericKubernetesResource> documents) {
    private static final Pattern EXPECT = Pattern.compile("(?m)^# expect: (.+)$");
    private static final Pattern SEPARATOR = Pattern.compile("(?m)^---$");

    /** Every file of a directory and those in it. */
    static List<Manifest> all(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(f -> f.toString().endsWith(".yaml"))
                    .sorted()
                    .map(f -> read(directory, f))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The object to try. */
    GenericKubernetesResource last() {
        return documents.getLast();
    }

    private static Manifest read(Path directory, Path file) {
        try {
            String text = Files.readString(file);
            Matcher expect = EXPECT.matcher(text);
            return new Manifest(
                    directory.relativize(file).toString(),
                    expect.find() ? Optional.of(expect.group(1)) : Optional.empty(),
                    text.contains("\n# operation: delete\n") || text.startsWith("# operation: delete\n"),
                    SEPARATOR
                            .splitAsStream(text)
                            .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
