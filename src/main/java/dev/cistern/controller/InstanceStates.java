package dev.cistern.controller;

import dev.cistern.api.DatabaseStatus.InstanceStatus;
import dev.cistern.api.Phase;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.kube.Names;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** What status says of each node. */
final class InstanceStates {
    private InstanceStates() {}

    // Listed as soon as they are wanted, so that creation shows them booting without a write for each step of a pod.
    static List<InstanceStatus> of(EngineContext context, int port, Outcome outcome) {
        int count = Math.max(context.plan().instances(), context.instances().size());
        return IntStream.range(0, count)
                .mapToObj(i -> Names.pod(context.name(), i))
                .map(pod -> instance(context, port, pod, outcome))
                .toList();
    }

    private static InstanceStatus instance(EngineContext context, int port, String pod, Outcome outcome) {
        Optional<Instance> running =
                context.instances().stream().filter(i -> i.name().equals(pod)).findFirst();
        String id = UUID.nameUUIDFromBytes(
                        (context.database().getMetadata().getUid() + "/" + pod).getBytes(StandardCharsets.UTF_8))
                .toString();
        boolean up = outcome.serving() && running.filter(Instance::ready).isPresent();
        String role = !up
                ? null
                : running.flatMap(Instance::role)
                                .filter(Instance.REPLICA::equals)
                                .isPresent()
                        ? "follower"
                        : "leader";
        String status = context.replicas() == 0 ? "stopped" : up ? "running" : booting(context);
        return new InstanceStatus(id, pod, Names.podHost(context.database(), pod), port, "db-node", status, role);
    }

    private static String booting(EngineContext context) {
        Phase before = StatusBuilder.before(context.database()).phase();
        return before == null || before == Phase.CREATING ? "booting" : "restarting";
    }
}
