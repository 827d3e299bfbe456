package dev.cistern.controller;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Why a pod does not start, in words for its user. */
final class PodTrouble {
    private static final Set<String> WAITING = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "CrashLoopBackOff",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    // A new volume keeps a pod unscheduled for a moment; that is no trouble.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private PodTrouble() {}

    /** The first trouble of any pod. */
    static Optional<String> of(Observed observed, Instant now) {
        return observed.pods().stream().flatMap(p -> of(p, now).stream()).findFirst();
    }

    private static Optional<String> of(Pod pod, Instant now) {
        String name = pod.getMetadata().getName();
        Optional<String> unscheduled = pod.getStatus().getConditions().stream()
                .filter(c -> "PodScheduled".equals(c.getType()) && "Unschedulable".equals(c.getReason()))
                .filter(c ->
                        Instant.parse(c.getLastTransitionTime()).plus(PATIENCE).isBefore(now))
                .map(c -> "instance %s cannot be scheduled: %s".formatted(name, c.getMessage()))
                .findFirst();
        return unscheduled.or(() -> pod.getStatus().getContainerStatuses().stream()
                .flatMap(c -> of(name, c).stream())
                .findFirst());
    }

    private static Optional<String> of(String pod, ContainerStatus container) {
        var waiting = container.getState() == null ? null : container.getState().getWaiting();
        if (waiting == null || !WAITING.contains(waiting.getReason())) {
            return Optional.empty();
        }
        return Optional.of("instance %s: %s%s"
                .formatted(
                        pod,
                        waiting.getReason(),
                        waiting.getReason().contains("Image") ? " (image " + container.getImage() + ")" : ""));
    }
}
