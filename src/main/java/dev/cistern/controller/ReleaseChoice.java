package dev.cistern.controller;

import dev.cistern.api.DatabaseSpec;
import dev.cistern.catalogue.Catalogue;
import dev.cistern.catalogue.Release;
import dev.cistern.catalogue.Version;
import dev.cistern.engine.Problem;
import dev.cistern.status.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which release a Database runs. What runs stays (a newer catalogue moves nobody) until the specification names a newer
 * one of the same major; another major takes an upgrade action, and nothing goes back.
 */
@ApplicationScoped
class ReleaseChoice {
    /** The outcome. */
    sealed interface Choice {
        /** Run this. */
        record Run(Release release) implements Choice {}

        /** The specification cannot be followed. */
        record Refused(Problem problem) implements Choice {}
    }

    /** @param running version that runs or last ran on the volumes, {@code major.minor.patch-build} */
    Choice choose(Catalogue catalogue, DatabaseSpec spec, Optional<String> running) {
        Optional<String> wanted = Optional.ofNullable(spec.version());
        if (running.isEmpty()) {
            return catalogue
                    .newest(spec.engine(), wanted)
                    .<Choice>map(Choice.Run::new)
                    .orElseGet(() -> unknown(catalogue, spec));
        }
        Version now = Version.parse(running.get());
        if (wanted.isEmpty() || now.matches(wanted.get())) {
            return catalogue
                    .release(spec.engine(), now)
                    .<Choice>map(Choice.Run::new)
                    .orElseGet(() -> refused(
                            Reason.UnknownVersion,
                            "version %s runs but is no longer in the catalogue: put it back, or name a newer one in spec.version"
                                    .formatted(now)));
        }
        return catalogue
                .newest(spec.engine(), wanted)
                .map(release -> move(now, release))
                .orElseGet(() -> unknown(catalogue, spec));
    }

    private static Choice move(Version now, Release release) {
        if (release.version().major() != now.major()) {
            return refused(
                    Reason.VersionNotReachable,
                    "%s cannot become %s by a change of spec.version: a major upgrade takes an upgrade action; spec.version stays at %d until then"
                            .formatted(now, release.version(), now.major()));
        }
        if (release.version().compareTo(now) < 0) {
            return refused(
                    Reason.VersionNotReachable,
                    "%s cannot go back to %s: restore a backup into a new Database".formatted(now, release.version()));
        }
        return new Choice.Run(release);
    }

    private static Choice unknown(Catalogue catalogue, DatabaseSpec spec) {
        return refused(
                Reason.UnknownVersion,
                "version %s of %s is not in the catalogue: use one of %s"
                        .formatted(
                                spec.version() == null ? "(default)" : spec.version(),
                                spec.engine().id(),
                                catalogue
                                        .releases(spec.engine())
                                        .map(r -> r.version().readable())
                                        .collect(Collectors.joining(", "))));
    }

    private static Choice refused(Reason reason, String message) {
        return new Choice.Refused(new Problem(reason.name(), message));
    }
}
