package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cistern.engine.EngineContext;
import dev.cistern.engine.Instance;
import dev.cistern.engine.postgresql.Members.Member;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;

/** Makes another instance the primary. */
final class Switchover {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Patroni patroni;

    Switchover(Patroni patroni) {
        this.patroni = patroni;
    }

    /** Whether the instance may go now: it is alone, or another one is the primary. Asks for the change otherwise. */
    boolean handOver(EngineContext context, Instance primary) {
        if (context.instances().size() <= 1) {
            return true;
        }
        try {
            Members members = members(context, primary);
            if (members.leader().isEmpty()) {
                return false;
            }
            if (!leads(members, primary)) {
                return true;
            }
            Optional<Member> candidate = candidate(members);
            if (candidate.isEmpty()) {
                return false;
            }
            ObjectNode request = MAPPER.createObjectNode()
                    .put("leader", primary.name())
                    .put("candidate", candidate.get().name());
            // It answers when it is done, or we stop waiting; the next call sees which.
            patroni.send(context, primary, "POST /switchover", request);
            return !leads(members(context, primary), primary);
        } catch (IOException e) {
            return false;
        }
    }

    /** The streaming member that lags least; of equals the lowest ordinal, which a smaller plan keeps. */
    static Optional<Member> candidate(Members members) {
        return members.all().stream()
                .filter(m -> !m.leader() && m.streaming())
                .min(Comparator.comparingLong(Member::lag).thenComparing(Member::name));
    }

    private static boolean leads(Members members, Instance instance) {
        return members.leader().filter(m -> m.name().equals(instance.name())).isPresent();
    }

    private Members members(EngineContext context, Instance instance) throws IOException {
        return Members.of(patroni.get(context, instance, "/cluster").json());
    }
}
