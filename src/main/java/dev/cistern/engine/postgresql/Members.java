package dev.cistern.engine.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The members of a database as Patroni sees them in {@code GET /cluster}.
 *
 * @param all each of them
 */
record Members(List<Member> all) {
    Members {
        all = List.copyOf(all);
    }

    /**
     * One member.
     *
     * @param name the pod's name
     * @param leader whether it takes writes
     * @param state such as {@code streaming} or {@code creating replica}
     * @param lag bytes behind the primary; 0 when it is not known
     */
    record Member(String name, boolean leader, String state, long lag) {
        boolean streaming() {
            return state.equals("streaming");
        }
    }

    static Members of(JsonNode cluster) {
        List<Member> members = new ArrayList<>();
        for (JsonNode member : cluster.path("members")) {
            members.add(new Member(
                    member.path("name").asText(),
                    member.path("role").asText().equals("leader"),
                    member.path("state").asText("unknown"),
                    member.path("lag").asLong(0)));
        }
        return new Members(members);
    }

    Optional<Member> leader() {
        return all.stream().filter(Member::leader).findFirst();
    }

    Optional<Member> named(String name) {
        return all.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** Those that follow and do not stream, with their state, for messages; empty when all do. */
    List<String> notStreaming() {
        return all.stream()
                .filter(m -> !m.leader() && !m.streaming())
                .map(m -> m.name() + " is not streaming (" + m.state() + ")")
                .toList();
    }
}
